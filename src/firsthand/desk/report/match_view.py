"""One match as the page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from firsthand.desk.documents.match import Match, Query, Segment
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.clock import civil, on_medium, stretch
from firsthand.desk.report.confidence import band_words, confidence_sentence
from firsthand.desk.report.levels import Wave, wave
from firsthand.desk.report.limits import limits_of
from firsthand.desk.report.pictures import Pair, Side, chosen, shown_pair
from firsthand.desk.report.recurrence import recurrence_sentences, surest
from firsthand.desk.report.sentences import DATE_BASES, kind_label, manner, match_sentence, noun, orientation
from firsthand.desk.report.timeline import Timeline, timeline
from firsthand.desk.report.visible import file_name, linkable, visible
from firsthand.desk.report.witnesses import witness_sentences
from firsthand.model.box import Box
from firsthand.model.picture import PicturePair
from firsthand.model.sound import LevelPair

MOST_SEGMENTS = 24
_MOST_DRAWN = 12
_PAIRS_ALONE = 6
_PAIRS_EACH = 4
_MOST_GROUPS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A web address as text, with somewhere to go only where it is a plain one."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One line of the table of stretches."""

    number: int
    query: str
    archive: str
    manner: str
    method: str
    band: str


@dataclass(frozen=True, slots=True)
class PairGroup:
    """The pictures of one segment, or the loudness of its sound; `title` is empty where the match has but one."""

    title: str
    pairs: tuple[Pair, ...]
    wave: Wave | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    """Everything that a page says of one match."""

    name: str
    sentence: Markup
    same_file: bool
    witnesses: tuple[str, ...]
    confidence: str
    timeline: Timeline | None
    rows: tuple[SegmentRow, ...]
    rows_left_out: int
    groups: tuple[PairGroup, ...]
    without_pictures: bool
    digest: str
    kind: str
    duration: str | None
    source: str | None
    url: Link | None
    published: str | None
    date_basis: str | None
    added: str | None
    collection: str | None
    methods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show of the segments of a match, by their place."""

    pictures: Mapping[int, Sequence[PicturePair]]
    levels: Mapping[int, LevelPair]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person asked of the report."""

    unredacted: bool
    boxes: tuple[Box, ...]
    sample_size: int | None


def match_view(
    query: Query,
    match: Match,
    item: ArchivedItem | None,
    shown: Shown,
    settings: Settings,
) -> MatchView:
    """The view of one match."""
    name = file_name(item.path if item else match.path)
    groups = _groups(query, match, item, shown, settings)
    published = item.published if item else match.published
    basis = item.date_basis if item else match.date_basis
    source = item.source if item else match.source
    return MatchView(
        name=name,
        sentence=match_sentence(query.kind, item.kind if item else None, name, match.segments),
        same_file=match.item.removeprefix("sha256:") == query.sha256.removeprefix("sha256:"),
        witnesses=(*witness_sentences(match), *recurrence_sentences(match)),
        confidence=confidence_sentence(surest(match), settings.sample_size),
        timeline=_timeline(query, match, item),
        rows=_rows(match, settings) if len(match.segments) > 1 else (),
        rows_left_out=max(0, len(match.segments) - MOST_SEGMENTS),
        groups=groups,
        without_pictures=not any(group.pairs for group in groups)
        and any(segment.channel == "picture" for segment in match.segments),
        digest=visible(match.item),
        kind=kind_label(item.kind if item else None),
        duration=on_medium(item.duration_seconds) if item and item.duration_seconds is not None else None,
        source=visible(source) if source else None,
        url=_link(item.url) if item and item.url else None,
        published=visible(published, 60) if published else None,
        date_basis=DATE_BASES.get(basis or "", "on a basis that is not stated"),
        added=civil(item.added) if item else None,
        collection=visible(item.collection) if item and item.collection else None,
        methods=tuple((visible(m, 60), limits_of(m)) for m in sorted({s.method for s in match.segments})),
    )


def _link(url: str) -> Link:
    return Link(visible(url, 400), url if linkable(url) else None)


def _timeline(query: Query, match: Match, item: ArchivedItem | None) -> Timeline | None:
    return timeline(
        _bar_title(f"This {noun(query.kind)}", query.duration_seconds),
        query.duration_seconds,
        _bar_title("Archived item", item.duration_seconds if item else None),
        item.duration_seconds if item else None,
        match.segments[:_MOST_DRAWN],
    )


def _bar_title(name: str, seconds: float | None) -> str:
    return name if seconds is None else f"{name}, {on_medium(seconds)}"


def _rows(match: Match, settings: Settings) -> tuple[SegmentRow, ...]:
    return tuple(
        SegmentRow(
            number,
            stretch(segment.query),
            stretch(segment.archive),
            _row_manner(segment),
            visible(segment.method, 60),
            band_words(segment.confidence, settings.sample_size),
        )
        for number, segment in enumerate(match.segments[:MOST_SEGMENTS], 1)
    )


def _row_manner(segment: Segment) -> str:
    words = manner(segment, speed_only=segment.channel == "sound")
    front = ("sound",) if segment.channel == "sound" else ()
    alike = "the same way up" if segment.rate is None else "the same way up, at the same speed"
    return ", ".join((*front, *words)) or alike


def _groups(
    query: Query,
    match: Match,
    item: ArchivedItem | None,
    shown: Shown,
    settings: Settings,
) -> tuple[PairGroup, ...]:
    alone = len(match.segments) == 1
    sides = (
        Side(f"This {noun(query.kind)}", query.kind != "image"),
        Side("Archived item", item is None or item.kind != "image"),
    )
    pictures, levels = shown.pictures, shown.levels
    with_pictures = [(place, s) for place, s in enumerate(match.segments) if pictures.get(place) or place in levels]
    return tuple(
        PairGroup(
            "" if alone else f"Stretch {place + 1}: {stretch(segment.query)}",
            tuple(
                shown_pair(pair, sides, orientation(segment), unredacted=settings.unredacted, boxes=settings.boxes)
                for pair in chosen(pictures.get(place, ()), _PAIRS_ALONE if alone else _PAIRS_EACH)
            ),
            wave(levels[place]) if place in levels else None,
        )
        for place, segment in with_pictures[:_MOST_GROUPS]
    )
