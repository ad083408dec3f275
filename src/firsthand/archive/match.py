"""Where media have been seen before in the archive."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from firsthand.archive.open import Holdings
from firsthand.model.digest import Digest
from firsthand.model.item import Facts, Item, Kind
from firsthand.model.match import Match, NotSearched
from firsthand.recall.children import Track
from firsthand.recall.methods import chosen_method, descriptor
from firsthand.recall.reading import read_query
from firsthand.recall.search import Answer, Archived, Query, Searched, search
from firsthand.recall.segments import Found
from firsthand.store.index import ExhaustiveIndex
from firsthand.store.originals import digest_of

_READING_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Matched:
    """What the archive says of one query.

    Attributes:
        path: as it was given.
        digest: of the query's bytes.
        facts: what reading it showed.
        matches: with the item of each, best first.
        found: the overlaps behind the segments, listed or not, for pictures and for calibration.
        picture_coverage: share of the query's pictures that could be compared, `None` where it has none.
        not_searched: the stretches that could not.
    """

    path: str
    digest: Digest
    facts: Facts
    matches: tuple[tuple[Item, Match], ...]
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
                self._archived,
                lambda share: report(_READING_SHARE + (1 - _READING_SHARE) * share),
            )
            yield self._told(path, digest, read.facts, answer), query

    def _archived(self, key: int) -> Archived | None:
        review = self.holdings.review(key)
        if review is None or not review.is_file():
            return None
        facts = self.holdings.item(key).facts
        return Archived(Track(review, facts.kind is Kind.IMAGE), facts.duration_seconds)

    def _told(self, path: str, digest: Digest, facts: Facts, answer: Answer) -> Matched:
        by_item: dict[int, list[Found]] = defaultdict(list)
        for found in answer.found:
            if found.listed:
                by_item[found.key].append(found)
        matches = [self._match(key, every) for key, every in by_item.items()]
        matches.sort(key=lambda pair: (-pair[1].confidence, pair[0].added, pair[1].item))
        return Matched(
            path,
            digest,
            facts,
            tuple(matches[: self.limit]),
            answer.found,
            answer.picture_coverage,
            answer.not_searched,
        )

    def _match(self, key: int, every: Sequence[Found]) -> tuple[Item, Match]:
        item = self.holdings.item(key)
        segments = sorted((found.segment for found in every), key=lambda one: (one.query.start, one.archive.start))
        return item, Match(item.digest, max(one.confidence for one in segments), tuple(segments))


def _keys(index: ExhaustiveIndex) -> frozenset[int]:
    return frozenset(index.stretches.items.tolist())


def matcher(holdings: Holdings, *, limit: int | None = None) -> Matcher:
    """What asks `holdings`: by the leading method, and by PDQ for the items that lack it.

    Raises:
        ArchiveDamagedError: the descriptors are not all there.
        MissingExtraError: the method that is asked for is not installed.
    """
    leading = descriptor(chosen_method()).method
    first = holdings.index(leading)
    floor = None if leading.startswith("pdq") else holdings.index(descriptor("pdq").method)
    indexes = [Searched(first)] if first is not None else []
    if floor is not None:
        lacking = _keys(floor) - (_keys(first) if first is not None else frozenset())
        if lacking:
            indexes.append(Searched(floor, lacking))
    return Matcher(holdings, tuple(indexes), limit)
