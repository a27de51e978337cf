"""The command, as `python -m marsad`."""

import sys

from marsad.cli import main

if __name__ == "__main__":
    sys.exit(main())
