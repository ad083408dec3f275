"""Where the archive lies."""

import os
from collections.abc import Mapping
from pathlib import Path

from firsthand.store.layout import Layout

VARIABLE = "FIRSTHAND_ARCHIVE"


def archive_place(named: Path | None, environment: Mapping[str, str] = os.environ) -> Layout:
    """The archive that a person names, else the environment's, else one in the platform's folder of user data."""
    if named is not None:
        return Layout(named.expanduser())
    if environment.get(VARIABLE):
        return Layout(Path(environment[VARIABLE]).expanduser())
    import platformdirs  # noqa: PLC0415 (needed only where nobody named a place)

    return Layout(platformdirs.user_data_path("firsthand", appauthor=False) / "archive")
