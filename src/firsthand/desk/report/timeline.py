"""A drawing of two media on their own time axes, with the stretches that they share joined.

Positions across are percentages and heights are pixels: the drawing then fits any width while its letters keep their
size. The bands between the bars are drawn on a 1000 units wide canvas that stretches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.desk.documents.match import Segment, Span
from firsthand.desk.report.clock import on_medium, stretch

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000, 86400)
_MOST_STEPS = 5
_STILL = (44.0, 56.0)
"""Where a still stands: a short bar in the middle, since it has no time of its own."""
_NARROWEST = 0.7
_LABEL_WIDTH = 29.0
"""Percent that a stretch's label needs on the narrowest screen."""
_NUMBER_WIDTH = 4.0
"""Percent that a stretch's number needs within its piece of a bar."""
_HEIGHT = 64
BAR_HEIGHT = 18.0
_HALF_HEIGHT = 15.0
"""Pixels of each half of a bar where a match has pictures and sound."""
_NARROWEST_WORD = 9.0
"""Percent that the word "sound" needs beside a number."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text at `x` percent; `anchor` is SVG's `text-anchor`."""

    x: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One medium: where its bar stands in percent, with marks along it."""

    title: str
    left: float
    width: float
    ticks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One shared stretch: its pieces in both bars in percent and the band that joins them.

    `top` and `height` place the pieces within the bars: where a match has both, pictures above and sound below.
    """

    query: tuple[float, float]
    archive: tuple[float, float]
    band: str
    query_label: Label | None
    archive_label: Label | None
    query_number: str
    archive_number: str
    heard: bool = False
    top: float = 0.0
    height: float = BAR_HEIGHT


@dataclass(frozen=True, slots=True)
class Timeline:
    """Both bars and what joins them.

    `words` say the same to those who cannot see it; `key` says what the halves of the bars mean, where they have any.
    """

    words: str
    query: Bar
    archive: Bar
    stretches: tuple[Stretch, ...]
    key: str = ""
    bar_height: float = BAR_HEIGHT


def timeline(
    query_title: str,
    query_seconds: float | None,
    archive_title: str,
    archive_seconds: float | None,
    segments: Sequence[Segment],
) -> Timeline | None:
    """The drawing for one match; `None` where both sides are stills and there is no time to draw."""
    query_scale = _scale(query_seconds, [segment.query for segment in segments])
    archive_scale = _scale(archive_seconds, [segment.archive for segment in segments])
    if query_scale is None and archive_scale is None:
        return None
    places = [(_place(s.query, query_scale), _place(s.archive, archive_scale)) for s in segments]
    query_labels = _labels([(where, s.query) for (where, _), s in zip(places, segments, strict=True)], query_scale)
    archive_labels = _labels(
        [(where, s.archive) for (_, where), s in zip(places, segments, strict=True)], archive_scale
    )
    both = len({segment.channel for segment in segments}) > 1
    stretches = tuple(
        Stretch(
            (here[0], here[1] - here[0]),
            (there[0], there[1] - there[0]),
            _band(here, there, crossed=segment.rate is not None and segment.rate < 0),
            query_labels[number - 1],
            archive_labels[number - 1],
            _number(number, here, of=len(segments), heard=segment.channel == "sound"),
            _number(number, there, of=len(segments), heard=segment.channel == "sound"),
            segment.channel == "sound",
            _HALF_HEIGHT if both and segment.channel == "sound" else 0.0,
            _HALF_HEIGHT if both else BAR_HEIGHT,
        )
        for number, (segment, (here, there)) in enumerate(zip(segments, places, strict=True), 1)
    )
    key = "Pictures in the upper half of the bars, sound in the lower half." if both else ""
    return Timeline(
        _words(segments),
        _bar(query_title, query_scale),
        _bar(archive_title, archive_scale),
        stretches,
        key,
        2 * _HALF_HEIGHT if both else BAR_HEIGHT,
    )


def _number(number: int, place: tuple[float, float], *, of: int, heard: bool) -> str:
    """The stretch's number where there are several, and what it is where it is sound, if its piece can hold them."""
    width = place[1] - place[0]
    shown = str(number) if of > 1 and width >= _NUMBER_WIDTH else ""
    return f"{shown} sound".strip() if heard and width >= _NARROWEST_WORD else shown


def _scale(seconds: float | None, spans: list[Span]) -> float | None:
    reached = max((end for _, end in spans), default=0.0)
    longest = max(seconds or 0.0, reached)
    return longest if longest > 0 else None


def _place(span: Span, scale: float | None) -> tuple[float, float]:
    if scale is None:
        return _STILL
    low, high = (min(100.0, max(0.0, 100 * time / scale)) for time in span)
    lacking = max(0.0, _NARROWEST - (high - low)) / 2
    low = min(max(0.0, low - lacking), 100 - _NARROWEST)
    return low, max(min(100.0, high + lacking), low + _NARROWEST)


def _bar(title: str, scale: float | None) -> Bar:
    if scale is None:
        return Bar(title, _STILL[0], _STILL[1] - _STILL[0], ())
    step = next((step for step in _STEPS if scale / step <= _MOST_STEPS), scale)
    times = [number * step for number in range(int(scale / step + 1e-9) + 1)]
    ticks = tuple(_label(100 * time / scale, on_medium(time, digits=0 if step >= 1 else 1), 5.0) for time in times)
    return Bar(title, 0.0, 100.0, ticks)


def _labels(places: list[tuple[tuple[float, float], Span]], scale: float | None) -> list[Label | None]:
    """A label for each stretch, but only where it stands clear of the one before."""
    labels: list[Label | None] = [None] * len(places)
    free = -_LABEL_WIDTH
    if scale is None:
        return labels
    for index, (place, span) in sorted(enumerate(places), key=lambda entry: entry[1][0]):
        label = _label((place[0] + place[1]) / 2, stretch(span), _LABEL_WIDTH / 2)
        left = label.x - {"start": 0.0, "middle": _LABEL_WIDTH / 2, "end": _LABEL_WIDTH}[label.anchor]
        if left >= free:
            labels[index] = label
            free = left + _LABEL_WIDTH
    return labels


def _label(x: float, text: str, reach: float) -> Label:
    if x < reach:
        return Label(0.0 if reach > 5 else x, "start", text)
    if x > 100 - reach:
        return Label(100.0 if reach > 5 else x, "end", text)
    return Label(x, "middle", text)


def _band(here: tuple[float, float], there: tuple[float, float], *, crossed: bool) -> str:
    """The corners of the band as SVG points; its sides cross where the query runs backwards."""
    below = there if crossed else there[::-1]
    corners = ((here[0], 0), (here[1], 0), (below[0], _HEIGHT), (below[1], _HEIGHT))
    return " ".join(f"{10 * x:.1f},{y}" for x, y in corners)


def _words(segments: Sequence[Segment]) -> str:
    pairs = [
        f"{'sound ' if s.channel == 'sound' else ''}{stretch(s.query)} above joins {stretch(s.archive)} below"
        for s in segments
    ]
    return f"Timeline of both: {'; '.join(pairs)}."
