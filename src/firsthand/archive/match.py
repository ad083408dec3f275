"""Where media have been seen before in the archive."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firsthand.archive.open import Holdings
from firsthand.model.box import WHOLE
from firsthand.model.digest import Digest
from firsthand.model.item import Facts, Item, Kind
from firsthand.model.match import Channel, Match, NotSearched, Segment, Witness, Witnesses
from firsthand.model.span import Span
from firsthand.recall.children import Track
from firsthand.recall.landmarks import METHOD as LANDMARKS
from firsthand.recall.landmarks import Peaks
from firsthand.recall.methods import askable_methods, chosen_method, descriptor
from firsthand.recall.reading import read_query
from firsthand.recall.recurrence import Shared, recurring, weight
from firsthand.recall.search import Answer, Query, Searched, search
from firsthand.recall.segments import Found
from firsthand.recall.sound_index import SoundIndex
from firsthand.recall.sound_search import SoundAnswer, SoundQuery, search_sound
from firsthand.recall.sound_verify import SoundTrack
from firsthand.store.originals import digest_of

_READING_SHARE = 0.35
_PICTURE_SHARE = 0.9  # of what is left; the rest is for the sound


@dataclass(frozen=True, slots=True)
class MatchedItem:
    """A match with the item it leads to, the key that indexes name it by, and the overlaps behind its segments.

    `witnesses` is what pictures and sound say, each for itself.
    """

    key: int
    item: Item
    match: Match
    found: tuple[Found, ...]
    witnesses: Witnesses


@dataclass(frozen=True, slots=True)
class Matched:
    """What the archive says of one query.

    Attributes:
        path: as it was given.
        digest: of the query's bytes.
        facts: what reading it showed.
        matches: best first.
        found: the overlaps behind the segments, listed or not, for pictures and for calibration.
        picture_coverage: share of the query's pictures that could be compared, `None` where it has none.
        sound_coverage: share of its sound that could be, `None` where it has none or it was not asked for.
        not_searched: the stretches that could not.
    """

    path: str
    digest: Digest
    facts: Facts
    matches: tuple[MatchedItem, ...]
    found: tuple[Found, ...]
    picture_coverage: float | None
    sound_coverage: float | None
    not_searched: tuple[NotSearched, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """Asks one snapshot of an archive: `indexes` of pictures, `sound` where it holds any, both unless told not to."""

    holdings: Holdings
    indexes: tuple[Searched, ...]
    limit: int | None = None
    sound: SoundIndex | None = None
    listens: bool = True

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that queries are looked up by: those that items were found to need."""
        return self._picture_methods + ((self.sound.method,) if self.sound is not None else ())

    @property
    def _picture_methods(self) -> tuple[str, ...]:
        return tuple(searched.index.method for searched in self.indexes)

    @contextmanager
    def matched(self, path: str, on_progress: Callable[[float], None] | None = None) -> Iterator[tuple[Matched, Query]]:
        """The answer for the medium at `path`, with the query's review track as long as the block lasts.

        Raises:
            InputError: it could not be read.
        """
        report = on_progress or (lambda _: None)
        with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
            scratch = Path(folder)
            digest = digest_of(Path(path))
            read = read_query(
                Path(path),
                scratch,
                methods=self._picture_methods or (chosen_method(),),
                sound=self.listens,
                on_progress=lambda share: report(_READING_SHARE * share),
            )
            query = Query(read, scratch)
            pictures = _PICTURE_SHARE * (1 - _READING_SHARE)
            answer = search(query, self.indexes, self.archived, lambda share: report(_READING_SHARE + pictures * share))
            heard = self._heard(query)
            report(1.0)
            yield self._told(path, digest, read.facts, answer, heard), query

    def _heard(self, query: Query) -> SoundAnswer:
        """What is found by sound; nothing where the query has none."""
        heard, track = query.read.heard, query.sound_track
        if heard is None or track is None:
            return SoundAnswer((), None, ())
        return search_sound(SoundQuery(Peaks(heard.frames, heard.steps), track), self.sound, self.archived_sound)

    def archived(self, key: int) -> Track | None:
        """The review track of an item; `None` where it has none."""
        review = self.holdings.review(key)
        if review is None or not review.is_file():
            return None
        facts = self.holdings.item(key).facts
        return Track(review, facts.kind is Kind.IMAGE, facts.duration_seconds)

    def archived_sound(self, key: int) -> SoundTrack | None:
        """The sound track of an item; `None` where it has none."""
        track = self.holdings.sound_review(key)
        return SoundTrack(track, float("inf")) if track is not None and track.is_file() else None

    def _told(self, path: str, digest: Digest, facts: Facts, answer: Answer, heard: SoundAnswer) -> Matched:
        by_item: dict[int, list[Found]] = defaultdict(list)
        for found in (*answer.found, *heard.found):
            if found.listed:
                by_item[found.key].append(found)
        same = self.holdings.find(digest)
        if same is not None and same not in by_item:
            by_item[same].append(_same_bytes(same, facts))
        compared = Compared(bool(answer.picture_coverage), bool(heard.coverage))
        listed = self._with_recurrence([found for every in by_item.values() for found in every])
        matches = [
            self._match([found for found in listed if found.key == key], compared, facts.duration_seconds)
            for key in by_item
        ]
        matches.sort(key=lambda one: (-one.match.confidence, one.item.added, one.item.digest))
        return Matched(
            path,
            digest,
            facts,
            tuple(matches[: self.limit]),
            answer.found + heard.found,
            answer.picture_coverage,
            heard.coverage,
            answer.not_searched + heard.not_searched,
        )

    def _with_recurrence(self, every: Sequence[Found]) -> list[Found]:
        """The listed overlaps, each with the number of items in which its stretch recurs."""
        told = recurring([self._shared(found) for found in every], self._around)
        return [
            replace(found, segment=replace(found.segment, recurs_in=number))
            for found, number in zip(every, told, strict=True)
        ]

    def _shared(self, found: Found) -> Shared:
        return Shared(found.key, found.segment, self.holdings.item(found.key).facts.duration_seconds)

    def _around(self, key: int, low: float, high: float) -> npt.NDArray[np.uint8]:
        """The codes of an item's pictures between two times, by the method that has described it."""
        parts = (searched.index.between(key, low, high).codes for searched in self.indexes)
        return next((codes for codes in parts if len(codes)), np.zeros((0, 1), np.uint8))

    def _match(self, every: Sequence[Found], compared: "Compared", query_seconds: float | None) -> MatchedItem:
        key = every[0].key
        item = self.holdings.item(key)
        found = tuple(sorted(every, key=_place))
        confidence = max(one.segment.confidence * weight(self._shared(one), query_seconds) for one in found)
        match = Match(item.digest, confidence, tuple(one.segment for one in found))
        witnesses = Witnesses(
            _witness(found, Channel.PICTURE, compared=compared.picture and item.facts.kind is not Kind.SOUND),
            _witness(found, Channel.SOUND, compared=compared.sound and bool(self.holdings.has_sound(key, LANDMARKS))),
        )
        return MatchedItem(key, item, match, found, witnesses)


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether a query has pictures, and sound, that can be compared."""

    picture: bool
    sound: bool


def _witness(found: Sequence[Found], channel: Channel, *, compared: bool) -> Witness:
    if any(one.segment.channel is channel for one in found):
        return Witness.SHARED
    return Witness.NOT_FOUND if compared else Witness.NOT_COMPARED


def _place(found: Found) -> tuple[bool, Fraction, Fraction]:
    """What sorts the segments of a match: pictures first, then by time."""
    segment = found.segment
    return segment.channel is Channel.SOUND, segment.query.start, segment.archive.start


def _same_bytes(key: int, facts: Facts) -> Found:
    """The whole of an item that has the query's own digest, where its pictures alone do not show it."""
    span = Span.of(0, facts.duration_seconds or 0)
    pictures = facts.kind is not Kind.SOUND
    segment = Segment(
        channel=Channel.PICTURE if pictures else Channel.SOUND,
        query=span,
        archive=span,
        rate=1.0 if facts.duration_seconds is not None else None,
        mirrored=False,
        rotation_degrees=0.0,
        query_box=WHOLE if pictures else None,
        archive_box=WHOLE if pictures else None,
        confidence=1.0,
        method="sha256/1",
        evidence=(),
    )
    return Found(key, segment, listed=True, matrix=np.eye(3), curve="same bytes", features={})


def matcher(holdings: Holdings, *, limit: int | None = None, sound: bool = True) -> Matcher:
    """What asks `holdings`: every item by the best method that has fingerprinted it and can be asked for here.

    Sound is compared too where asked.

    Raises:
        ArchiveDamagedError: the descriptors are not all there.
        MissingExtraError: the method that is asked for is not installed.
    """
    leading = descriptor(chosen_method()).method
    indexes: list[Searched] = []
    better: list[str] = []
    for method in askable_methods(leading, holdings.methods):
        index = holdings.index(method, lacking=better)
        if index is not None and (index.size or method == leading):
            indexes.append(Searched(index))
        better.append(method)
    heard = holdings.sound_index(LANDMARKS) if sound else None
    return Matcher(holdings, tuple(indexes), limit, heard, listens=sound)
