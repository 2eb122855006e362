"""Date and number formats for languages that Django ships none for (FORMAT_MODULE_PATH)."""
