"""What releases add to the Wagtail admin."""
