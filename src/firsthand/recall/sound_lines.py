"""Votes of sound hashes over item, rate and offset: the lines along which a query may follow an item.

A Hough transform (Duda and Hart, Comm. ACM 15, 1972) over `archive = offset + tempo * query`, once for each speed and
tempo of a grid; a line counts the peaks of the query that agree on it, each once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from firsthand.model.sound import TICKS_A_SECOND, SoundHits
from firsthand.recall.landmarks import Pairs, Peaks, asking, pairs
from firsthand.recall.sound_index import SoundIndex

_STEPS = tuple(1 + step / 100 for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7))
PLAYINGS = tuple((rate, rate) for rate in _STEPS) + tuple((1.0, rate) for rate in _STEPS[1:])
"""Speed of the frequencies and tempo, query to archive: played faster or slower, and stretched with its pitch kept."""

_WINDOW_SECONDS, _WINDOW_STEP_SECONDS = 60.0, 50.0
_MOST_HITS = 3_000_000
_BIN_SECONDS = 0.064
_LEAST_PEAKS = 4
_LINES_OF_PLAYING, _BINS_LOOKED_AT = 12, 256
_NEAR_SECONDS = 0.05
_SAME_SECONDS, _SAME_TEMPO = 0.4, 0.025
_MOST_DRIFT = 0.012
_MOST_OF_ITEM, _MOST_LINES = 6, 24
_HALVED_BY = 6.0  # other lines that hold a peak: by so many is what it counts for halved


@dataclass(frozen=True, slots=True)
class SoundLine:
    """A line of one item, and what supports it.

    Attributes:
        key: the item's.
        speed: archive frequency per query frequency.
        tempo: archive seconds per query second.
        offset: archive seconds at the query's 0 s.
        times: float64, shape (n,), query seconds of the agreeing peaks, rising.
        archived: float64, shape (n,), the archive seconds that they agree with.
    """

    key: int
    speed: float
    tempo: float
    offset: float
    times: npt.NDArray[np.float64]
    archived: npt.NDArray[np.float64]

    @property
    def landmarks(self) -> int:
        """How many peaks of the query agree."""
        return len(self.times)

    def at(self, time: float) -> float:
        """The archive seconds of a query second."""
        return self.offset + self.tempo * time


def sound_lines(
    peaks: Peaks,
    index: SoundIndex,
    only: frozenset[int] | None = None,
    playings: Sequence[tuple[float, float]] = PLAYINGS,
) -> tuple[SoundLine, ...]:
    """The strongest lines, each once, strongest first; those of the items `only`, where it is given."""
    found: list[SoundLine] = []
    for window in _windows(peaks):
        joined = pairs(window, query=True)
        for speed, tempo in playings:
            found.extend(_voted(window, joined, index, speed, tempo))
    return _distinct(line for line in found if only is None or line.key in only)


def _windows(peaks: Peaks) -> Iterable[Peaks]:
    seconds = peaks.seconds
    start = 0.0
    while len(seconds) and start <= seconds[-1]:
        inside = slice(*np.searchsorted(seconds, (start, start + _WINDOW_SECONDS)))
        if inside.stop - inside.start >= _LEAST_PEAKS:
            yield Peaks(peaks.frames[inside], peaks.steps[inside])
        start += _WINDOW_STEP_SECONDS


def _voted(peaks: Peaks, joined: Pairs, index: SoundIndex, speed: float, tempo: float) -> list[SoundLine]:
    asked = asking(peaks, joined, speed=speed, tempo=tempo)
    hits = index.lookup(asked.hashes, _MOST_HITS)
    if len(hits.asked) < _LEAST_PEAKS:
        return []
    points = _Points.of(hits, asked.peaks, peaks.seconds)
    offsets = points.archived - tempo * points.times
    lines = []
    for phase in (0.0, 0.5):
        bins = np.floor(offsets / _BIN_SECONDS + phase).astype(np.int64)
        for item, place in _fullest(points, bins):
            members = points.of_item(item, (bins >= place - 1) & (bins <= place + 1))
            line = _fitted(members, int(item), speed, tempo, (place + 0.5 - phase) * _BIN_SECONDS)
            if line.landmarks >= _LEAST_PEAKS:
                lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class _Points:
    """Hits as pairs of times, in seconds, with item and query peak of each."""

    items: npt.NDArray[np.int64]
    peaks: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    archived: npt.NDArray[np.float64]

    @classmethod
    def of(cls, hits: SoundHits, peaks: npt.NDArray[np.int64], seconds: npt.NDArray[np.float64]) -> "_Points":
        which = peaks[hits.asked]
        return cls(hits.items, which, seconds[which], hits.times / TICKS_A_SECOND)

    def of_item(self, item: int, chosen: npt.NDArray[np.bool_]) -> "_Points":
        kept = chosen & (self.items == item)
        return _Points(self.items[kept], self.peaks[kept], self.times[kept], self.archived[kept])


def _fullest(points: _Points, bins: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Item and bin of the most different query peaks, the fullest first."""
    _, item = np.unique(points.items, return_inverse=True)
    low = int(bins.min())
    width = int(bins.max()) - low + 1
    cells = item * width + (bins - low)
    most = int(points.peaks.max()) + 1
    votes = np.unique(cells * most + points.peaks)
    cell, counts = np.unique(votes // most, return_counts=True)
    best = np.argsort(-counts, kind="stable")[:_BINS_LOOKED_AT]
    best = best[counts[best] >= _LEAST_PEAKS]
    if len(best) > _LINES_OF_PLAYING:
        firsts = np.cumsum(counts) - counts
        groups = [votes[firsts[place] : firsts[place] + counts[place]] % most for place in best.tolist()]
        best = best[_telling(groups, most, _LINES_OF_PLAYING)]
    known = np.unique(points.items)
    return [(int(known[one // width]), int(one % width + low)) for one in cell[best].tolist()]


def _telling(groups: Sequence[npt.NDArray[np.intp]], peaks: int, most: int) -> list[int]:
    """Which `most` of some groups of peaks tell most: a peak counts for less, the more of those chosen hold it.

    Else a jingle that very many items hold would leave no place to what one item holds of the sound beside it.
    """
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    every = np.concatenate(groups)
    held = np.zeros(peaks)
    chosen: list[int] = []
    open_to_choice = np.ones(len(groups), bool)
    while len(chosen) < min(most, len(groups)):
        told = np.add.reduceat(0.5 ** (held / _HALVED_BY)[every], starts)
        best = int(np.argmax(np.where(open_to_choice, told, -1.0)))
        chosen.append(best)
        open_to_choice[best] = False
        held[groups[best]] += 1
    return chosen


def _fitted(points: _Points, item: int, speed: float, tempo: float, offset: float) -> SoundLine:
    """The line through the points near the first guess; each query peak counts once."""
    slope, start = tempo, offset
    near = _BIN_SECONDS
    kept = np.abs(points.archived - slope * points.times - start) <= near
    for _ in range(3):
        times, archived = points.times[kept], points.archived[kept]
        if len(times) >= 2 * _LEAST_PEAKS and np.ptp(times) > 1.5:
            centred = times - times.mean()
            drift = float((centred * (archived - tempo * times)).sum() / (centred**2).sum())
            slope = tempo + max(-_MOST_DRIFT, min(_MOST_DRIFT, drift))
        start = float(np.median(archived - slope * times)) if len(times) else start
        near = _NEAR_SECONDS
        kept = np.abs(points.archived - slope * points.times - start) <= near
    _, once = np.unique(points.peaks[kept], return_index=True)
    chosen = np.flatnonzero(kept)[once]
    times = points.times[chosen]
    order = np.argsort(times, kind="stable")
    ratio = slope / tempo if speed == tempo else 1.0
    return SoundLine(item, speed * ratio, slope, start, times[order], points.archived[chosen][order])


def _distinct(lines: Iterable[SoundLine]) -> tuple[SoundLine, ...]:
    kept: list[SoundLine] = []
    for line in sorted(lines, key=lambda one: -one.landmarks):
        same = next((place for place, other in enumerate(kept) if _same(line, other)), None)
        if same is not None:
            kept[same] = _joined(kept[same], line)
        elif sum(other.key == line.key for other in kept) < _MOST_OF_ITEM:
            kept.append(line)
    kept.sort(key=lambda one: -one.landmarks)
    if len(kept) <= _MOST_LINES:
        return tuple(kept)
    times, peak = np.unique(np.concatenate([line.times for line in kept]), return_inverse=True)
    groups = np.split(peak.ravel(), np.cumsum([line.landmarks for line in kept])[:-1])
    return tuple(kept[place] for place in sorted(_telling(groups, len(times), _MOST_LINES)))


def _same(line: SoundLine, other: SoundLine) -> bool:
    if line.key != other.key or abs(line.tempo - other.tempo) > _SAME_TEMPO:
        return False
    middle = float(np.median(line.times))
    return abs(line.at(middle) - other.at(middle)) < _SAME_SECONDS


def _joined(line: SoundLine, other: SoundLine) -> SoundLine:
    """The stronger line with what the other found on it in other windows of the query."""
    near = np.abs(other.archived - line.offset - line.tempo * other.times) <= _NEAR_SECONDS
    new = near & ((other.times < line.times[0]) | (other.times > line.times[-1]))
    if not new.any():
        return line
    times = np.concatenate([line.times, other.times[new]])
    archived = np.concatenate([line.archived, other.archived[new]])
    order = np.argsort(times, kind="stable")
    return replace(line, times=times[order], archived=archived[order])
