"""A long overlap, followed stretch by stretch from a place where it is sure, so that its length costs no memory.

Each stretch is compared on the map of pictures that is known, at the time that the stretches before it foretell, and
corrects what the next ones are foretold from. Pictures agree where they are alike and where, in the seconds around
them, what moves does so too: a fixed camera shows the same place at any hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment
from firsthand.recall.agree import Agreement
from firsthand.recall.course import Point, fitted
from firsthand.recall.timing import Motion, Pictures, compared, motion
from firsthand.recall.tracks import GRID, Track, framed, warped

type Flags = npt.NDArray[np.bool_]
type Floats = npt.NDArray[np.float64]

PIECE_SECONDS = 20.0
_MARGIN_SECONDS = 1.0  # of the item, beside what a piece is thought to show
_LOST_SECONDS = 60.0  # without agreement: further on it is not looked for
_BRIDGED_SECONDS = 4.0  # as long as the gaps that a line of candidates may have
_SHORTEST_SECONDS = 2.0
_POINTS = 12  # measured alignments that foretell the next one
_LEAST_PIXELS = 60
_LEAST_PICTURES = 4
_LEAST_LIKENESS = 0.35  # of aligned pictures
_AS_ALIKE = 0.65  # of the likeness that is typical where the overlap is sure
_AS_MUCH = 0.4  # of the correlation of what moves there
_LEAST_MOTION = 0.2
_AROUND_SECONDS = 2.0
_QUIET = 4.0  # squared grey levels a pixel: where neither side moves more, only likeness can be told
_NEAR_SECONDS = 0.5  # a measured alignment further from the foretold one is chance


class Footage(Protocol):
    """What is read a piece at a time."""

    def track(self, start: float, end: float) -> Track:
        """Grey pictures from `start` to `end` seconds, as far as there are any."""
        ...


@dataclass(frozen=True, slots=True)
class _Piece:
    """What comparing one stretch gave: its pictures' times, likeness and agreement, and what was measured of it.

    `told` and `point` are `None` where nothing moves or nothing agrees.
    """

    times: Floats
    likeness: Floats
    agrees: Flags
    told: Motion | None = None
    point: Point | None = None


@dataclass(slots=True)
class _Walk:
    """The pieces of one overlap so far."""

    query: Footage
    item: Footage
    anchor: Agreement
    pieces: list[_Piece] = field(default_factory=list)

    def walk(self) -> None:
        """Look at pieces from the sure place to both sides, as long as they agree now and then."""
        for way in (1, -1):
            edge, lost = self.anchor.start, 0.0
            while lost < _LOST_SECONDS:
                low, high = (edge, edge + PIECE_SECONDS) if way > 0 else (edge - PIECE_SECONDS, edge)
                piece = self._looked(max(0.0, low), high)
                if piece is None:
                    break
                self.pieces.append(piece)
                lost = 0.0 if piece.agrees.any() else lost + PIECE_SECONDS
                edge += way * PIECE_SECONDS

    def foretold(self, time: float) -> Alignment:
        """The alignment about an instant of the query, by the points measured nearest to it."""
        points = sorted((piece.point for piece in self.pieces if piece.point), key=lambda one: abs(one.query - time))
        return fitted(points[:_POINTS], self.anchor.alignment)

    def _looked(self, low: float, high: float) -> _Piece | None:
        """The query's pictures in `[low, high)`; `None` beyond the end of either side."""
        if high - low < 1e-6:
            return None
        alignment = self.foretold((low + high) / 2)
        query = self.query.track(low, high - 1e-4)
        ends = sorted((alignment.archive_time(low), alignment.archive_time(high)))
        held = self.item.track(ends[0] - _MARGIN_SECONDS, ends[1] + _MARGIN_SECONDS)
        if not len(query.times) or len(held.times) < 2:
            return None
        box = self.anchor.region
        archive = framed(held, box, GRID)
        inner = np.array(
            [[1 / box.width, 0, -box.x / box.width], [0, 1 / box.height, -box.y / box.height], [0, 0, 1.0]]
        )
        moved, inside = warped(query.frames, inner @ self.anchor.matrix, *archive.size)
        if inside.sum() < _LEAST_PIXELS:
            return None
        pictures = compared(query.times, moved[:, inside], archive.times, archive.frames[:, inside].astype(np.float32))
        return _piece(pictures, alignment, self.anchor)


def followed(query: Footage, item: Footage, anchor: Agreement) -> tuple[Agreement, ...]:
    """All stretches that agree on one course with `anchor`, in order of time; breaks of up to four seconds bridged.

    Args:
        query: footage.
        item: footage.
        anchor: where the overlap is sure: its map of pictures and its region are those of the whole.
    """
    walk = _Walk(query, item, anchor)
    walk.walk()
    pieces = sorted(walk.pieces, key=lambda piece: float(piece.times[0]))
    found = []
    for start, end in _runs(pieces):
        run = _told(pieces, start, end, walk)
        if run is not None:
            found.append(run)
    return tuple(found) or (anchor,)


def _piece(pictures: Pictures, alignment: Alignment, anchor: Agreement) -> _Piece:
    times = pictures.plain.times
    least = max(_LEAST_LIKENESS, _AS_ALIKE * anchor.picture)
    likeness = pictures.plain.likeness(alignment)
    alike = likeness >= least
    if alike.sum() < _LEAST_PICTURES:
        return _Piece(times, likeness, np.zeros(len(times), bool))
    told = motion(pictures, alike, alignment)
    middle = float(times[alike].mean())
    drift = abs(told.alignment.archive_time(middle) - alignment.archive_time(middle))
    if told.motion < max(_LEAST_MOTION, _AS_MUCH * anchor.motion) or drift > _NEAR_SECONDS:
        return _Piece(times, likeness, alike & _moves_alike(pictures, alike, alignment, anchor.motion))
    shifted = replace(
        alignment, offset=alignment.offset + told.alignment.archive_time(middle) - alignment.archive_time(middle)
    )
    likeness = pictures.plain.likeness(shifted)
    alike = likeness >= least
    agrees = alike & _moves_alike(pictures, alike, shifted, anchor.motion)
    point = Point(middle, told.alignment.archive_time(middle), int(agrees.sum())) if agrees.any() else None
    return _Piece(times, likeness, agrees, told, point)


def _moves_alike(pictures: Pictures, alike: Flags, alignment: Alignment, typical: float) -> Flags:
    """For each picture whether what moves within two seconds of it does so on both sides, or on neither."""
    rows = np.flatnonzero(alike)
    result = np.zeros(len(alike), bool)
    if not rows.size:
        return result
    times = pictures.plain.times[rows]
    ends = sorted((alignment.archive_time(float(times[0])), alignment.archive_time(float(times[-1]))))
    within = (pictures.plain.archive_times >= ends[0] - 0.3) & (pictures.plain.archive_times <= ends[1] + 0.3)
    if not within.any():
        return result
    deviations = pictures.deviations(rows, within)
    products, energy, inside = deviations.along(np.array([alignment.rate]), np.array([alignment.offset]))
    low, high = (
        np.searchsorted(times, times - _AROUND_SECONDS),
        np.searchsorted(times, times + _AROUND_SECONDS, "right"),
    )
    ours, theirs, both = (
        _summed(values * inside[0], low, high) for values in (deviations.query_energy, energy[0], products[0])
    )
    correlation = both / np.sqrt(np.maximum(ours * theirs, 1e-9))
    pixels = pictures.query.shape[1]
    quiet = np.maximum(ours, theirs) < _QUIET * pixels * np.maximum(high - low, 1)
    result[rows] = quiet | (correlation >= max(_LEAST_MOTION, _AS_MUCH * typical))
    return result


def _summed(values: Floats, low: npt.NDArray[np.intp], high: npt.NDArray[np.intp]) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[high] - total[low], np.float64)


def _runs(pieces: list[_Piece]) -> Iterator[tuple[float, float]]:
    """First picture and end of the last one of each run of agreeing pictures."""
    times = np.concatenate([piece.times for piece in pieces]) if pieces else np.zeros(0)
    places = np.flatnonzero(np.concatenate([piece.agrees for piece in pieces])) if pieces else np.zeros(0, int)
    if not places.size:
        return
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.1
    for run in np.split(places, np.flatnonzero(np.diff(times[places]) > _BRIDGED_SECONDS) + 1):
        last = int(run[-1])
        end = float(times[last + 1]) if last + 1 < len(times) else float(times[last]) + step
        yield float(times[run[0]]), min(end, float(times[last]) + 2 * step)


def _told(pieces: list[_Piece], start: float, end: float, walk: _Walk) -> Agreement | None:
    """What the pieces say of a run; `None` where it is brief, or nothing that moves bears it out, unlike the anchor."""
    anchor = walk.anchor
    held = [piece for piece in pieces if piece.times[-1] >= start and piece.times[0] < end]
    points = [piece.point for piece in held if piece.point is not None]
    sure = start <= (anchor.start + anchor.end) / 2 <= end
    if not sure and (end - start < _SHORTEST_SECONDS or not points):
        return None
    shown = [piece.agrees & (piece.times >= start) & (piece.times < end) for piece in held]
    likeness = np.concatenate([piece.likeness[flags] for piece, flags in zip(held, shown, strict=True)])
    told = [
        (piece.told, int(flags.sum())) for piece, flags in zip(held, shown, strict=True) if piece.told and flags.any()
    ]
    weights = [count for _, count in told]

    def typical(values: list[float], otherwise: float) -> float:
        return float(np.average(values, weights=weights)) if values else otherwise

    return replace(
        anchor,
        alignment=fitted(points, walk.foretold((start + end) / 2)),
        start=start,
        end=end,
        motion=typical([one.motion for one, _ in told], anchor.motion),
        prominence=typical([one.prominence for one, _ in told], anchor.prominence),
        moving=typical([one.moving for one, _ in told], anchor.moving),
        picture=float(np.median(likeness)) if likeness.size else anchor.picture,
        frames=int(sum(flags.sum() for flags in shown)),
    )
