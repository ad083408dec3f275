"""Times of presented frames, from whatever timestamps a file has."""

from dataclasses import dataclass

LONGEST_GAP_SECONDS = 24 * 3600.0
_SMALL_STEP_BACK_SECONDS = 1.0
DEFAULT_STEP_SECONDS = 0.04


@dataclass
class PresentationClock:
    """Seconds from the first presented frame, strictly increasing.

    Timestamps are taken as they are while they increase. A missing one is set from the frame rate. One that does not
    increase is put half a step after its predecessor; where that goes on, or time leaps back by more than a second
    or ahead by more than a day, the file has started to count anew and the count is joined on.

    Attributes:
        step_seconds: the usual time between two frames.
        end_seconds: when the last frame ends.
        repaired: how many times were not as the file says.
    """

    step_seconds: float
    end_seconds: float = 0.0
    repaired: int = 0
    _origin: float | None = None
    _last: float | None = None
    _bad_in_a_row: int = 0

    @property
    def origin_seconds(self) -> float | None:
        """The file's own time that is 0 here; `None` before the first frame, or where it has no time."""
        return None if self._last is None else self._origin

    def present(self, stamp: float | None, duration: float | None) -> float:
        """The time of the next frame, given the file's timestamp and the frame's duration in seconds."""
        time = self._time(stamp)
        self._last = time
        shown = duration if duration is not None and 0 < duration <= LONGEST_GAP_SECONDS else self.step_seconds
        self.end_seconds = time + shown
        return time

    def _time(self, stamp: float | None) -> float:
        if self._last is None:
            self._origin = stamp
            return 0.0
        if stamp is None:
            self.repaired += 1
            return self._last + self.step_seconds
        if self._origin is None:
            self._origin = stamp - self._last - self.step_seconds
        time = stamp - self._origin
        if self._last < time <= self._last + LONGEST_GAP_SECONDS:
            self._bad_in_a_row = 0
            return time
        return self._repaired(stamp, time - self._last)

    def _repaired(self, stamp: float, leap: float) -> float:
        last = self._last or 0.0
        self.repaired += 1
        self._bad_in_a_row += 1
        if self._bad_in_a_row == 1 and -_SMALL_STEP_BACK_SECONDS <= leap <= 0:
            return last + self.step_seconds / 2
        time = last + self.step_seconds
        self._origin = stamp - time
        return time
