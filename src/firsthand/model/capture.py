"""One act of obtaining an item."""

from dataclasses import dataclass
from datetime import datetime

from firsthand.model.item import Provenance


@dataclass(frozen=True, slots=True)
class Capture:
    """When an item was added, under which path, and what was then said of where it came from."""

    at: datetime
    path: str
    provenance: Provenance
