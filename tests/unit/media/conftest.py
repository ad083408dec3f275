"""Tests here share `media_clips`, and children import from it by name."""

import sys
from pathlib import Path

from firsthand.sandbox.call import warm

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

warm(["firsthand.media.observe"])
