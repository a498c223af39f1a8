"""``python -m twovoices COMMAND``: what ``course.py`` hands over to."""

import sys

from .cli import main

sys.exit(main())
