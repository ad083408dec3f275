"""One thing checked as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firsthand.desk.documents.check import Thing
from firsthand.desk.documents.match import Coverage, Match, NotSearched, Query, Searched
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.clock import on_medium, stretch
from firsthand.desk.report.match_view import MatchView, Settings, Shown, match_view
from firsthand.desk.report.sentences import Outcome, kind_label, noun, outcome_of, outcome_sentence
from firsthand.desk.report.visible import file_name, visible
from firsthand.model.picture import PicturePair
from firsthand.model.sound import LevelPair

PictureKey = tuple[int, str, int]
"""The place of the thing, the archived item's id, the place of the segment."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a report is made from beside its document."""

    items: Mapping[str, ArchivedItem]
    pictures: Mapping[PictureKey, tuple[PicturePair, ...]]
    settings: Settings
    levels: Mapping[PictureKey, LevelPair] = field(default_factory=dict)


MOST_MATCHES = 30
_MOST_GAPS = 12


@dataclass(frozen=True, slots=True)
class ThingView:
    """Everything that a page says of one thing."""

    place: int
    name: str
    kind: str
    duration: str | None
    digest: str | None
    outcome: Outcome
    sentence: str
    coverage: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    gaps_left_out: int
    matches: tuple[MatchView, ...]
    matches_left_out: int


def thing_view(place: int, thing: Thing, searched: Searched | None, supplied: Supplied) -> ThingView:
    """The view of the thing at `place`, counted from 0."""
    query = thing.match
    matches = query.matches if query else []
    gaps = query.not_searched if query else []
    return ThingView(
        place=place + 1,
        name=file_name(thing.path),
        kind=kind_label(thing.kind),
        duration=on_medium(query.duration_seconds) if query and query.duration_seconds is not None else None,
        digest=visible(thing.sha256) if thing.sha256 else None,
        outcome=outcome_of(query, searched),
        sentence=outcome_sentence(query, searched),
        coverage=_coverage(noun(thing.kind), query.coverage) if query and searched and searched.items else (),
        gaps=tuple((_when(gap), visible(gap.reason)) for gap in gaps[:_MOST_GAPS]),
        gaps_left_out=max(0, len(gaps) - _MOST_GAPS),
        matches=tuple(_match(place, query, match, supplied) for match in matches[:MOST_MATCHES] if query),
        matches_left_out=max(0, len(matches) - MOST_MATCHES),
    )


def _match(place: int, query: Query, match: Match, supplied: Supplied) -> MatchView:
    pictures = {number: supplied.pictures.get((place, match.item, number), ()) for number in range(len(match.segments))}
    levels = {
        number: pair
        for number in range(len(match.segments))
        if (pair := supplied.levels.get((place, match.item, number))) is not None
    }
    return match_view(query, match, supplied.items.get(match.item), Shown(pictures, levels), supplied.settings)


def _when(gap: NotSearched) -> str:
    return "all of it" if gap.query == (0, 0) else stretch(gap.query)


def _coverage(thing: str, coverage: Coverage) -> tuple[str, ...]:
    if thing == "picture":
        return () if coverage.picture is None else (f"{_percent(coverage.picture)} of the picture was compared.",)
    return (
        _channel("pictures", coverage.picture, f"The pictures of this {thing} were not compared, or it has none."),
        _channel("sound", coverage.sound, f"The sound of this {thing} was not compared, or it has none."),
    )


def _channel(name: str, share: float | None, without: str) -> str:
    verb = "was" if name == "sound" else "were"
    return without if share is None else f"{_percent(share)} of the {name} {verb} compared."


def _percent(share: float) -> str:
    rounded = round(100 * share)
    if (rounded == 0 and share > 0) or (rounded == 100 and share < 1):
        return f"{100 * share:.2f}%"
    return f"{rounded}%"
