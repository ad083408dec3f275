"""How much a reader of one file may take, from the size of the file."""

from pathlib import Path

from firsthand.sandbox.limits import Limits

_LEAST_SECONDS = 300.0
_SECONDS_PER_MEGABYTE = 3.0
_MOST_SECONDS = 12 * 3600.0


def reading_limits(path: Path) -> Limits:
    """Limits for one pass over the file at `path`, descriptors included.

    Five minutes of processor time and three seconds for every megabyte, which is several times what slow codecs at
    low bit rates were measured to need (1080p H.264 at 4.6 Mb/s: 0.3 s a megabyte to decode), so that a small file
    cannot keep a processor for hours; twice that on the clock. A missing file gets the least.
    """
    try:
        megabytes = path.stat().st_size / 1e6
    except OSError:
        megabytes = 0.0
    seconds = min(_MOST_SECONDS, _LEAST_SECONDS + _SECONDS_PER_MEGABYTE * megabytes)
    return Limits(cpu_seconds=seconds, wall_seconds=2 * seconds)
