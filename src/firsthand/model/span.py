"""A stretch of a medium."""

from dataclasses import dataclass
from fractions import Fraction

_MICROSECONDS = 1_000_000


def seconds(value: float | Fraction) -> Fraction:
    """A time on a medium, exact to the microsecond."""
    return Fraction(round(value * _MICROSECONDS), _MICROSECONDS)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch `[start, end)` in seconds from the first presented frame; empty for a still."""

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"expected a start before the end, got {self.start} and {self.end}")

    @classmethod
    def of(cls, start: float, end: float) -> "Span":
        """A span from floating-point seconds."""
        return cls(seconds(start), seconds(end))

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return self.end - self.start

    def overlap(self, other: "Span") -> Fraction:
        """The length in seconds that both share."""
        return max(Fraction(0), min(self.end, other.end) - max(self.start, other.start))
