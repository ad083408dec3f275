"""Neutral sentences: what was observed, what was not, what could not be examined."""

from enum import Enum

from markupsafe import Markup

from firsthand.desk.documents.match import Box, Query, Searched, Segment
from firsthand.desk.report.clock import on_medium

_NOUNS = {"video": "video", "image": "picture", "sound": "recording", "page": "page"}
_KINDS = {"video": "Video", "image": "Picture", "sound": "Sound", "page": "Page"}
_ALMOST_ALL = 0.97
_SAME_SPEED = 0.005
_SAME_SECONDS = 0.5
_UPRIGHT_DEGREES = 1.0

DATE_BASES = {
    "typed": "as typed by the person who added it",
    "declared": "as declared by the file itself",
    "post_id": "as the identifier of the post implies",
    "capture": "the moment of the capture that brought it in",
    "timestamped": "it existed by then, as a signed timestamp shows",
}


class Outcome(Enum):
    """The three answers to "has it appeared before", never taken for one another."""

    FOUND = "found"
    NOT_FOUND = "not found"
    NOT_COMPARED = "not compared"


def noun(kind: str | None) -> str:
    """What to call a thing of this kind in a sentence."""
    return _NOUNS.get(kind or "", "file")


def kind_label(kind: str | None) -> str:
    """What to call a thing of this kind in a table."""
    return _KINDS.get(kind or "", "File")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, such as `1 match` or `1,200 items`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def hours(value: float) -> str:
    """Such as `1 hour` or `61.5 hours`."""
    shown = f"{value:,.1f}".removesuffix(".0")
    if shown == "0" and value > 0:
        return "less than 0.1 hours"
    return f"{shown} hour" if shown == "1" else f"{shown} hours"


def segment_sentence(kind: str, item_kind: str | None, name: str, segment: Segment) -> Markup:
    """What one segment shows, in full; `name` is the archived item's, already made visible."""
    if segment.channel == "sound":
        front = Markup("From {} to {} the sound of this {} is that of {}").format(
            *map(on_medium, segment.query), noun(kind), _named(name)
        )
        return _ended(front + _from_to(segment.archive), manner(segment, speed_only=True))
    opening = Markup("This {} shows ").format(noun(kind))
    if segment.query[0] != segment.query[1]:
        opening = Markup("From {} to {} this {} shows ").format(*map(on_medium, segment.query), noun(kind))
    if item_kind == "image":
        return _ended(opening + Markup("what the picture {} shows").format(_named(name)), manner(segment))
    return _ended(opening + Markup("what {} shows").format(_named(name)) + _from_to(segment.archive), manner(segment))


def match_sentence(kind: str, item_kind: str | None, name: str, segments: list[Segment]) -> Markup:
    """What a whole match shows: its one segment in full, or how many stretches are shared and how much they cover.

    Where pictures are shared it is of them; what is heard is told where it is another stretch.
    """
    pictures = [segment for segment in segments if segment.channel == "picture"]
    told = pictures or segments
    if len(told) == 1:
        elsewhere = [other for other in segments if other is not told[0] and not _together(told[0], other)]
        sentences = [segment_sentence(kind, item_kind, name, one) for one in (told[0], *elsewhere[:1])]
        return Markup(" ").join(sentences)
    verb = Markup("shows what {} shows") if pictures else Markup("carries the sound of {}")
    covered = _long(union_seconds([segment.query for segment in told]))
    return Markup("In {} that cover {} in all, this {} {}.").format(
        counted(len(told), "stretch", "stretches"), covered, noun(kind), verb.format(_named(name))
    )


def _together(one: Segment, other: Segment) -> bool:
    """Whether two segments tell of the same stretches of both media."""
    spans = zip((*one.query, *one.archive), (*other.query, *other.archive), strict=True)
    return all(abs(first - second) < _SAME_SECONDS for first, second in spans)


def manner(segment: Segment, *, speed_only: bool = False) -> tuple[str, ...]:
    """How the shared stretch differs in form: mirrored, turned, faster, a region."""
    if speed_only:
        return _speed(segment.rate)
    return (*orientation(segment), *_speed(segment.rate), *_regions(segment))


def orientation(segment: Segment) -> tuple[str, ...]:
    """Whether the pictures are mirrored or turned against the archived ones."""
    degrees = (segment.rotation_degrees + 180) % 360 - 180
    turned = abs(degrees) >= _UPRIGHT_DEGREES
    direction = "clockwise" if degrees > 0 else "counter-clockwise"
    words = "turned upside down" if abs(degrees) > 180 - _UPRIGHT_DEGREES else f"turned {abs(degrees):.0f}° {direction}"
    return (*(("mirrored",) if segment.mirrored else ()), *((words,) if turned else ()))


def union_seconds(spans: list[tuple[float, float]]) -> float:
    """The time that the spans cover together, what they share counted once."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def outcome_of(query: Query | None, searched: Searched | None) -> Outcome:
    """Which of the three answers stands."""
    if query is None or searched is None or searched.items == 0:
        return Outcome.NOT_COMPARED
    if query.matches:
        return Outcome.FOUND
    shares = (query.coverage.picture, query.coverage.sound)
    return Outcome.NOT_FOUND if any(shares) else Outcome.NOT_COMPARED


def outcome_sentence(query: Query | None, searched: Searched | None) -> str:
    """The answer for one thing, in one sentence."""
    outcome = outcome_of(query, searched)
    if outcome is Outcome.NOT_COMPARED:
        return _not_compared(query, searched)
    if outcome is Outcome.FOUND and query is not None:
        return _found(query)
    return _not_found(query, searched)


def _found(query: Query) -> str:
    ending = "s" if len(query.matches) == 1 else ""
    items = counted(len(query.matches), "archived item")
    channels = {segment.channel for match in query.matches for segment in match.segments}
    if query.kind == "image":
        return f"{items} show{ending} what this picture shows."
    shared = {"picture": "footage", "sound": "sound"}
    what = " or ".join(word for channel, word in shared.items() if channel in channels)
    return f"{items} share{ending} {what} with this {noun(query.kind)}."


def _not_found(query: Query | None, searched: Searched | None) -> str:
    if query is None or searched is None:
        return _not_compared(query, searched)
    thing = "clip" if query.kind == "video" else noun(query.kind)
    looked = f"{counted(searched.items, 'item')}, {hours(searched.hours)}"
    return f"No earlier appearance among {looked}; this does not show that the {thing} is new."


def _not_compared(query: Query | None, searched: Searched | None) -> str:
    if searched is None:
        return "No archive was searched, so nothing could be compared."
    if searched.items == 0:
        return "The archive holds 0 hours, so nothing could be compared."
    if query is None:
        return (
            "This was not compared with the archive; the reason stands under “What could not be done”, if one is known."
        )
    return f"Nothing of this {noun(query.kind)} could be compared, so nothing can be said about earlier appearances."


def _speed(rate: float | None) -> tuple[str, ...]:
    if rate is None:
        return ()
    backwards = ("played backwards",) if rate < 0 else ()
    if abs(abs(rate) - 1) < _SAME_SPEED:
        return backwards
    return (*backwards, f"at {abs(rate):.3g} times the speed")


def _regions(segment: Segment) -> tuple[str, ...]:
    here = _share(segment.query_box)
    there = _share(segment.archive_box)
    return (
        *((f"in a region of the picture (about {here})",) if here else ()),
        *((f"from a region of the archived picture (about {there})",) if there else ()),
    )


def _share(box: Box | None) -> str | None:
    if box is None or box[2] * box[3] >= _ALMOST_ALL:
        return None
    percent = round(100 * box[2] * box[3])
    return f"{percent}%" if percent else "less than 1%"


def _long(seconds: float) -> str:
    return f"{seconds:.1f} seconds" if seconds < 60 else on_medium(seconds)


def _named(name: str) -> Markup:
    return Markup("“<bdi>{}</bdi>”").format(name)


def _from_to(span: tuple[float, float]) -> Markup:
    start, end = (on_medium(time) for time in span)
    return Markup(" at {}").format(start) if start == end else Markup(" from {} to {}").format(start, end)


def _ended(front: Markup, parts: tuple[str, ...]) -> Markup:
    return front + Markup("").join([Markup(", {}").format(part) for part in parts]) + Markup(".")
