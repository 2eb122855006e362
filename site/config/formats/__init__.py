"""Date and number formats where Django has none (Lao) or gaps (Vietnamese): FORMAT_MODULE_PATH."""
