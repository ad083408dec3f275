"""Where a query has been seen before: the whole way from its descriptors to listed segments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firsthand.model.item import Kind
from firsthand.model.match import NotSearched
from firsthand.model.span import Span
from firsthand.recall.candidates import ItemLine, item_lines, strongest
from firsthand.recall.children import Track, Verdicts, VerifyRequest, WindowRequest, describe_windows, verify_lines
from firsthand.recall.describing import Rows
from firsthand.recall.index import DescriptorIndex
from firsthand.recall.long_queries import joined, parts
from firsthand.recall.methods import descriptor
from firsthand.recall.reading import Read
from firsthand.recall.segments import Found, covered, found, without_repeats
from firsthand.recall.sound_verify import SoundTrack
from firsthand.sandbox.call import call
from firsthand.sandbox.limits import Limits

_VERIFY_LIMITS = Limits(cpu_seconds=900, wall_seconds=1800)
_UNCOVERED_SHARE = 0.15  # of the query's samples: with fewer left unexplained there is no second look


@dataclass(frozen=True, slots=True)
class Searched:
    """One method's index, and the keys of the items that are looked for in it (all where `None`)."""

    index: DescriptorIndex
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """The archive's review tracks by key, and how many descriptors its largest index holds."""

    track: Callable[[int], Track | None]
    pictures: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a query, listed or not, best first; and what of it could not be compared."""

    found: tuple[Found, ...]
    picture_coverage: float | None
    not_searched: tuple[NotSearched, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that has been read, with the folder that holds its tracks."""

    read: Read
    scratch: Path

    @property
    def track(self) -> Track | None:
        """Its review track, where it has pictures."""
        if self.read.review is None:
            return None
        facts = self.read.facts
        return Track(self.scratch / self.read.review, facts.kind is Kind.IMAGE, facts.duration_seconds)

    @property
    def sound_track(self) -> SoundTrack | None:
        """Its sound, where it has any and it was listened to."""
        heard = self.read.heard
        return None if heard is None else SoundTrack(self.scratch / heard.track, heard.seconds)


def search(
    query: Query,
    indexes: Sequence[Searched],
    archived: Callable[[int], Track | None],
    on_progress: Callable[[float], None] | None = None,
) -> Answer:
    """Every overlap of the query with the items of the indexes.

    Args:
        query: read by `read_query` with the methods of `indexes`, in their order.
        indexes: where to look.
        archived: an item by the key that indexes name it by; `None` where it has no review track to verify against.
        on_progress: hears the share of the work that is done.
    """
    report = on_progress or (lambda _: None)
    coverage, not_searched = _searched(query.read)
    track = query.track
    if track is None or not any(searched.index.size for searched in indexes):
        return Answer((), coverage, not_searched)
    rows = dict(zip(query.read.methods, query.read.rows, strict=True))
    lines = _lines(rows, indexes)
    report(0.1)
    held = _Held(archived, max(searched.index.size for searched in indexes))
    results = _verified(query, track, lines, held, lambda share: report(0.1 + 0.5 * share))
    uncovered = _uncovered(query.read, results)
    if uncovered:
        request = WindowRequest(track, uncovered, indexes[0].index.method)
        windows = call(describe_windows, request, Rows, limits=_VERIFY_LIMITS)
        report(0.75)
        more = _lines({indexes[0].index.method: windows}, indexes[:1])
        results += _verified(query, track, more, held, lambda share: report(0.75 + 0.25 * share))
    report(1.0)
    return Answer(without_repeats(results), coverage, not_searched)


def _lines(rows: Mapping[str, Rows], indexes: Sequence[Searched]) -> list[ItemLine]:
    """The lines worth verifying, those that promise most first: as many as are verified for each part of the query."""
    found: list[ItemLine] = []
    is_parted = False
    for searched in indexes:
        method = descriptor(searched.index.method)
        by_part = [
            item_lines(part, method, searched.index, only=searched.only) for part in parts(rows[searched.index.method])
        ]
        is_parted = is_parted or len(by_part) > 1
        found += joined(by_part)
    return sorted(found, key=lambda one: -one.promise) if is_parted else strongest(found)


def _verified(
    query: Query,
    track: Track,
    lines: Sequence[ItemLine],
    held: _Held,
    report: Callable[[float], None],
) -> list[Found]:
    known = {key: item for key in {line.key for line in lines} if (item := held.track(key)) is not None}
    kept = tuple(line for line in lines if line.key in known)
    if not kept:
        return []
    request = VerifyRequest(track, known, kept)
    verdicts = call(verify_lines, request, Verdicts, limits=_VERIFY_LIMITS, on_progress=report)
    return [
        found(line, verified, query.read.facts, known[line.key].duration_seconds, held.pictures)
        for line, every in zip(kept, verdicts.verified, strict=True)
        for verified in every
    ]


def _uncovered(read: Read, results: Sequence[Found]) -> tuple[float, ...]:
    """The samples that no listed overlap explains, where they are enough for a second look."""
    spans = covered(result for result in results if result.listed)
    shown = set(read.samples) - set(read.flat)
    left = tuple(time for time in sorted(shown) if not any(span.start <= time <= span.end for span in spans))
    return left if len(left) > _UNCOVERED_SHARE * max(1, len(shown)) else ()


def _searched(read: Read) -> tuple[float | None, tuple[NotSearched, ...]]:
    """The share of the query's pictures that could be compared, and the stretches that could not."""
    if not read.samples:
        return None, ()
    flat = np.isin(read.samples, read.flat)
    duration = read.facts.duration_seconds
    if duration is None:
        whole = (NotSearched(Span.of(0, 0), "no picture detail"),) if flat.all() else ()
        return float(1 - flat.mean()), whole
    starts = np.array(read.samples, np.float64)
    ends = np.append(starts[1:], max(duration, starts[-1]))
    lost = float((ends - starts)[flat].sum())
    return max(0.0, 1 - lost / max(duration, 1e-6)), _stretches(starts, ends, flat)


def _stretches(
    starts: npt.NDArray[np.float64], ends: npt.NDArray[np.float64], flat: npt.NDArray[np.bool_]
) -> tuple[NotSearched, ...]:
    places = np.flatnonzero(flat)
    if not places.size:
        return ()
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return tuple(NotSearched(Span.of(starts[run[0]], ends[run[-1]]), "no picture detail") for run in runs)
