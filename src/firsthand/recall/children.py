"""The parts of a search that read review tracks: what runs in a sandboxed child."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.recall.agree import Agreement
from firsthand.recall.align import Line
from firsthand.recall.candidates import ItemLine
from firsthand.recall.describing import Rows
from firsthand.recall.medium import Medium
from firsthand.recall.methods import descriptor
from firsthand.recall.verifying import Verified, verify
from firsthand.recall.windows import chosen_times, window_rows

_QUERY_TRACK_SIDE = 320
_ITEM_TRACK_SIDE = 160
_EXPLAINED = 0.6  # of a line's pairs
_SURE = 0.75  # correlation of what moves: another alignment of the same stretches is not looked for


@dataclass(frozen=True, slots=True)
class Track:
    """A review file, whether it is a still's, and the seconds it lasts."""

    review: Path
    still: bool
    duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """The lines to verify and the tracks they need, `items` by key."""

    query: Track
    items: dict[int, Track]
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One entry a line: what the pictures bear out, in order of time."""

    verified: tuple[tuple[Verified, ...], ...]


def _medium(track: Track, longest_side: int) -> Medium:
    return Medium(track.review, track.still, longest_side, track.duration_seconds)


def verify_lines(request: VerifyRequest, report: Callable[[float], None]) -> Verdicts:
    """Verify each line, strongest first; lines that repeat a verified overlap are skipped."""
    cv2.setNumThreads(1)  # the machine has other work
    query = _medium(request.query, _QUERY_TRACK_SIDE)
    verified: list[tuple[Verified, ...]] = [()] * len(request.lines)
    by_item: dict[int, list[int]] = {}
    for index, one in enumerate(request.lines):
        by_item.setdefault(one.key, []).append(index)
    done = 0
    for key, indices in by_item.items():
        item = _medium(request.items[key], _ITEM_TRACK_SIDE)
        for index in indices:
            line = request.lines[index].line
            known = [(told, request.lines[other].line) for other in indices for told in verified[other]]
            every = [verified[other] for other in indices]
            if not _settled(line, known) and not any(_repeats(line, *one) for one in known) and not _shown(line, every):
                verified[index] = verify(query, item, line)
            done += 1
            report(done / len(request.lines))
    return Verdicts(tuple(verified))


def _settled(line: Line, known: Sequence[tuple[Verified, Line]]) -> bool:
    """Whether two lines about the same pictures of the query led to one place: a third would lead there too."""
    times = line.support.query_times
    found = [
        one.agreement
        for one, other in known
        if one.agreement is not None
        and np.abs(other.support.query_boxes[0] - line.support.query_boxes[0]).max() < 0.1
        and ((times >= one.agreement.start - 0.3) & (times <= one.agreement.end + 0.3)).mean() > 0.7
    ]
    middle = float(np.median(times))
    places = sorted(one.alignment.archive_time(middle) for one in found)
    return any(second - first < 0.3 for first, second in pairwise(places))


def _shown(line: Line, every: Sequence[Sequence[Verified]]) -> bool:
    """Whether the parts of one followed overlap explain the line together."""
    for parts in every:
        told = [one.agreement for one in parts if one.agreement is not None]
        if len(told) > 1 and np.any([_explained(line, one) for one in told], axis=0).mean() > _EXPLAINED:
            return True
    return False


def _explained(line: Line, found: Agreement) -> npt.NDArray[np.bool_]:
    """Which of the line's pairs lie on an overlap."""
    times = line.support.query_times
    inside = (times >= found.start - 0.3) & (times <= found.end + 0.3)
    near = np.abs(line.support.archive_times - found.alignment.offset - found.alignment.rate * times) < 0.6
    return np.asarray(near & inside, np.bool_)


def _repeats(line: Line, known: Verified, known_line: Line) -> bool:
    """Whether an overlap that is already verified explains the line, or explains its pictures clearly better."""
    if known.agreement is None:
        return False
    found = known.agreement
    times = line.support.query_times
    inside = (times >= found.start - 0.3) & (times <= found.end + 0.3)
    if _explained(line, found).mean() > _EXPLAINED:
        return True
    if inside.mean() <= 0.7:
        return False
    weaker = _typical(line) < 0.92 * _typical(known_line)
    return bool((found.motion > 0.4 and weaker) or (found.motion > _SURE and _same_place(line, found)))


def _same_place(line: Line, found: Agreement) -> bool:
    """Whether the line lies on the very stretch of the item that was found."""
    low, high = sorted((found.alignment.archive_time(found.start), found.alignment.archive_time(found.end)))
    times = line.support.archive_times
    return bool(((times >= low - 0.5) & (times <= high + 0.5)).mean() > 0.7)


def _typical(line: Line) -> float:
    """The mean over query pictures of their best similarity on the line."""
    _, picture = np.unique(line.support.query_times, return_inverse=True)
    best = np.full(int(picture.max()) + 1, -1.0)
    np.maximum.at(best, picture, line.support.similarities)
    return float(best.mean())


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """The query's track, and the instants of it that get a second look by `method`."""

    query: Track
    times: tuple[float, ...]
    method: str


def describe_windows(request: WindowRequest, report: Callable[[float], None]) -> Rows:  # noqa: ARG001
    """The descriptors of windows of the query's pictures."""
    times = chosen_times(request.times)
    query = _medium(request.query, _QUERY_TRACK_SIDE)
    return window_rows(times, query.pictures(times), descriptor(request.method))
