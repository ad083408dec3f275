"""Where media have been seen before in the archive."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from firsthand.archive.open import Holdings
from firsthand.model.box import WHOLE
from firsthand.model.digest import Digest
from firsthand.model.item import Facts, Item, Kind
from firsthand.model.match import Channel, Match, NotSearched, Segment
from firsthand.model.span import Span
from firsthand.recall.children import Track
from firsthand.recall.methods import askable_methods, chosen_method, descriptor
from firsthand.recall.reading import read_query
from firsthand.recall.search import Answer, Query, Searched, search
from firsthand.recall.segments import Found
from firsthand.store.originals import digest_of

_READING_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class MatchedItem:
    """A match with the item it leads to, the key that indexes name it by, and the overlaps behind its segments."""

    key: int
    item: Item
    match: Match
    found: tuple[Found, ...]


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
        not_searched: the stretches that could not.
    """

    path: str
    digest: Digest
    facts: Facts
    matches: tuple[MatchedItem, ...]
    found: tuple[Found, ...]
    picture_coverage: float | None
    not_searched: tuple[NotSearched, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """Asks one snapshot of an archive."""

    holdings: Holdings
    indexes: tuple[Searched, ...]
    limit: int | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that queries are described by: those that items were found to need."""
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
            methods = self.methods or (chosen_method(),)
            read = read_query(
                Path(path), scratch, methods=methods, on_progress=lambda share: report(_READING_SHARE * share)
            )
            query = Query(read, scratch)
            answer = search(
                query,
                self.indexes,
                self.archived,
                lambda share: report(_READING_SHARE + (1 - _READING_SHARE) * share),
            )
            yield self._told(path, digest, read.facts, answer), query

    def archived(self, key: int) -> Track | None:
        """The review track of an item; `None` where it has none."""
        review = self.holdings.review(key)
        if review is None or not review.is_file():
            return None
        facts = self.holdings.item(key).facts
        return Track(review, facts.kind is Kind.IMAGE, facts.duration_seconds)

    def _told(self, path: str, digest: Digest, facts: Facts, answer: Answer) -> Matched:
        by_item: dict[int, list[Found]] = defaultdict(list)
        for found in answer.found:
            if found.listed:
                by_item[found.key].append(found)
        same = self.holdings.find(digest)
        if same is not None and same not in by_item:
            by_item[same].append(_same_bytes(same, facts))
        matches = [self._match(key, every) for key, every in by_item.items()]
        matches.sort(key=lambda one: (-one.match.confidence, one.item.added, one.item.digest))
        return Matched(
            path,
            digest,
            facts,
            tuple(matches[: self.limit]),
            answer.found,
            answer.picture_coverage,
            answer.not_searched,
        )

    def _match(self, key: int, every: Sequence[Found]) -> MatchedItem:
        item = self.holdings.item(key)
        found = tuple(sorted(every, key=lambda one: (one.segment.query.start, one.segment.archive.start)))
        confidence = max(one.segment.confidence for one in found)
        return MatchedItem(key, item, Match(item.digest, confidence, tuple(one.segment for one in found)), found)


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


def matcher(holdings: Holdings, *, limit: int | None = None) -> Matcher:
    """What asks `holdings`: every item by the best method that has fingerprinted it and can be asked for here.

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
    return Matcher(holdings, tuple(indexes), limit)
