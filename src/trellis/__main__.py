"""`python -m trellis` is the command `trellis`."""

import sys

from trellis.app import main

sys.exit(main())
