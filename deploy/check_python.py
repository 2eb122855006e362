"""Say in one line when this Python cannot run the site (called by the Makefile)."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"Mittaphap needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Name another one: make run PYTHON=python3.12"
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("This Python cannot make virtual environments: apt-get install python3-venv")
