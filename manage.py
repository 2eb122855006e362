#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run administrative tasks."""
    # site/ is a source root like src/ and no package: `site` is a module of Python's own.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as exc:
        raise ImportError(
            "Couldn't import Django. Run `make setup` first; it makes .venv and installs "
            "what the project needs."
        ) from exc
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
