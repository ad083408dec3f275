"""Which pictures of a video are looked at, where ten a second are enough."""

_EARLY_SECONDS = 0.004


class Cadence:
    """Says of each picture whether one is due: the first, then one at most every `interval_seconds`.

    A little early is due too: at 30 frames a second an interval of 0.1 s means every third frame.
    """

    def __init__(self, interval_seconds: float = 0.1) -> None:
        self._interval = interval_seconds
        self._last: float | None = None

    def is_due(self, time_seconds: float) -> bool:
        """Whether the picture of that time is due; times increase."""
        if self._last is not None and time_seconds - self._last < self._interval - _EARLY_SECONDS:
            return False
        self._last = time_seconds
        return True
