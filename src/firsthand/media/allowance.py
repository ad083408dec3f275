"""How much a reader of one file may take, from the size of the file."""

from pathlib import Path

from firsthand.sandbox.limits import Limits

_LEAST_SECONDS = 300.0
_SECONDS_PER_MEGABYTE = 30.0
_MOST_SECONDS = 12 * 3600.0


def reading_limits(path: Path) -> Limits:
    """Limits for one pass over the file at `path`, descriptors included.

    Five minutes of processor time and thirty seconds for every megabyte, twice that on the clock. A second of small
    footage takes up to a tenth of a second, descriptors, review track and sound included, and the recording of a fixed
    camera at 100 kb/s has eighty seconds in a megabyte: with less, long recordings were refused. A small file still
    cannot keep a processor for hours. A missing file gets the least.
    """
    try:
        megabytes = path.stat().st_size / 1e6
    except OSError:
        megabytes = 0.0
    seconds = min(_MOST_SECONDS, _LEAST_SECONDS + _SECONDS_PER_MEGABYTE * megabytes)
    return Limits(cpu_seconds=seconds, wall_seconds=2 * seconds)
