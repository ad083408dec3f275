"""Do the moving parts of two registered stretches move together, where in the picture, and from when to when?

Local features recognise a place; they cannot tell two recordings of one place apart (a fixed camera at another hour,
another take in the same room). What moves can: after registration the deviation of each picture from the mean picture
is compared over time. In a copy these deviations agree at one alignment of time and at no other; in another take
nowhere. The same comparison gives the alignment to a fraction of a frame, the plain likeness of aligned pictures the
ends of the stretch, and the likeness of their parts the region that is shared.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from firsthand.model.box import Box
from firsthand.model.match import Alignment
from firsthand.recall.cells import cell_likeness
from firsthand.recall.refine import refined_maps
from firsthand.recall.region import Region, agreeing_region
from firsthand.recall.shots import agreeing_shots, moving_run
from firsthand.recall.timing import Motion, Pictures, compared, motion, widely
from firsthand.recall.tracks import GRID, Track, content, framed, warped

_LEAST_PIXELS = 60
_LEAST_FRAMES = 4
_GAP_SECONDS = 0.75
_LEAST_LIKENESS = 0.35  # of aligned pictures
_AS_ALIKE = 0.65  # of the likeness that is typical of the stretch: less is other footage
_CELLS_AS_ALIKE = 0.5  # the same, of the likeness of all parts of the pictures
_CELLS_SECONDS = 0.3  # to both sides: fast movement blurs single pictures
_PASSES = 2
_REGION_PICTURES = 16
_REFINING_PICTURES = 3
_LEAST_BESIDE = 0.05  # of the mapped pixels
_MOVING_LEVELS = 4.0  # grey levels of deviation over time
_FLAT_LEVELS = 6.0  # grey levels of deviation over the picture
_BETTER = 0.01  # of correlation: so much must a refined map gain


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the dense comparison of a registered stretch gave.

    Attributes:
        alignment: refined map of query time to archive time.
        matrix: refined map of the query's picture to the archived one, shape (3, 3), in fractions.
        region: of the archived picture, that both show.
        confined: beside the region the query shows other footage, or bars: the copy ends there.
        share: of the archived picture's content that is compared.
        detail: correlation of fine detail in it.
        start: first query time at which the pictures agree, seconds.
        end: query time after the last picture that agrees, seconds.
        motion: correlation of the deviations from the mean picture at the alignment, -1 to 1; 0 where nothing moves.
        prominence: by how much it exceeds the 95th percentile of other alignments of time.
        picture: median correlation of aligned pictures.
        moving: deviation over time in grey levels that the livelier pixels exceed, of the side that moves less.
        frames: aligned pictures compared.
    """

    alignment: Alignment
    matrix: npt.NDArray[np.float64]
    region: Box
    confined: bool
    share: float
    detail: float
    start: float
    end: float
    motion: float
    prominence: float
    picture: float
    moving: float
    frames: int


def _agreeing(
    comparison: "_Comparison", pictures: Pictures, alignment: Alignment, stretch: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    """Which pictures of the query agree, as a whole and in their parts, with those aligned with them.

    How alike they must be goes by what is typical of the stretch.
    """
    times = pictures.plain.times
    core = (times >= stretch[0] - 1e-6) & (times <= stretch[1] + 1e-6)
    likeness = pictures.plain.likeness(alignment)
    if not core.any():
        return core
    agrees = likeness >= max(_LEAST_LIKENESS, _AS_ALIKE * float(np.percentile(likeness[core], 80)))
    parts = comparison.likeness_of_parts(np.flatnonzero(agrees), alignment)
    if not (agrees & core).any():
        return agrees & core
    agrees &= parts >= _CELLS_AS_ALIKE * float(np.percentile(parts[agrees & core], 80))
    return agrees


def _ends(
    times: npt.NDArray[np.float64], agrees: npt.NDArray[np.bool_], stretch: tuple[float, float]
) -> tuple[tuple[float, float], npt.NDArray[np.bool_]] | None:
    """Start and end of the agreeing pictures around a stretch, short gaps bridged, and which pictures agree."""
    core = (times >= stretch[0] - 1e-6) & (times <= stretch[1] + 1e-6)
    if not (agrees & core).any():
        return None
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.1
    places = np.flatnonzero(agrees)
    anchor = places[np.argmin(np.abs(times[places] - sum(stretch) / 2))]
    runs = np.split(places, np.flatnonzero(np.diff(times[places]) > _GAP_SECONDS) + 1)
    run = next(run for run in runs if anchor in run)
    chosen = np.zeros(len(times), bool)
    chosen[run] = True
    end = times[run[-1] + 1] if run[-1] + 1 < len(times) else times[run[-1]] + step
    return (float(times[run[0]]), float(min(end, times[run[-1]] + 2 * step))), chosen


@dataclass(slots=True)
class _Comparison:
    """Two tracks on the archive's grid, which shows its `box`, the map between them, and the region compared."""

    query: Track
    archive: Track
    matrix: npt.NDArray[np.float64]
    box: Box
    region: Region | None = None
    moved: npt.NDArray[np.float32] = field(init=False)
    inside: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self._warp()

    def _warp(self) -> None:
        self.moved, self.inside = warped(self.query.frames, self.matrix, *self.archive.size)

    @property
    def possible(self) -> bool:
        return bool(self.inside.sum() >= _LEAST_PIXELS)

    def pictures(self) -> Pictures:
        pixels = self.inside if self.region is None else self.region.pixels
        held = self.archive.frames[:, pixels].astype(np.float32)
        return compared(self.query.times, self.moved[:, pixels], self.archive.times, held)

    def aligned(self, core: npt.NDArray[np.bool_], alignment: Alignment, count: int) -> tuple[list[int], list[int]]:
        """Places of at most `count` query pictures spread over `core`, and of the archived pictures beside them."""
        rows = np.flatnonzero(core)
        targets = alignment.offset + alignment.rate * self.query.times[rows]
        near = (targets >= self.archive.times[0] - 0.1) & (targets <= self.archive.times[-1] + 0.1)
        rows, targets = rows[near], targets[near]
        if not rows.size:
            return [], []
        spread = np.unique(np.linspace(0, len(rows) - 1, count).astype(int))
        places = np.clip(np.searchsorted(self.archive.times, targets[spread]), 1, len(self.archive.times) - 1)
        before = targets[spread] - self.archive.times[places - 1] < self.archive.times[places] - targets[spread]
        return rows[spread].tolist(), (places - before).tolist()

    def look(self, core: npt.NDArray[np.bool_], alignment: Alignment) -> None:
        """Find the region in which aligned pictures agree."""
        rows, held = self._beside(core, alignment)
        self.region = agreeing_region(self.moved[rows], held, self.inside) if rows else None

    def better(self, core: npt.NDArray[np.bool_], first: Alignment, second: Alignment) -> Alignment:
        """Whichever of two alignments lets pictures agree better."""
        return max(first, second, key=lambda alignment: self._gained(self.matrix, *self._beside(core, alignment)))

    def _beside(self, core: npt.NDArray[np.bool_], alignment: Alignment) -> tuple[list[int], npt.NDArray[np.float32]]:
        """Places of some query pictures, and the archived pictures beside them."""
        rows, places = self.aligned(core, alignment, _REGION_PICTURES)
        return rows, self.archive.frames[places].astype(np.float32)

    def beside(self, rows: npt.NDArray[np.intp], alignment: Alignment) -> npt.NDArray[np.intp]:
        """The places of the archived pictures that are aligned with the query's `rows`."""
        targets = alignment.offset + alignment.rate * self.query.times[rows]
        places = np.clip(np.searchsorted(self.archive.times, targets), 1, len(self.archive.times) - 1)
        return np.asarray(
            places - (targets - self.archive.times[places - 1] < self.archive.times[places] - targets), np.intp
        )

    def likeness_of_parts(self, rows: npt.NDArray[np.intp], alignment: Alignment) -> npt.NDArray[np.float64]:
        """For each query picture the likeness of its cells, the median over a moment; 0 for those not in `rows`."""
        told = np.zeros(len(self.query.times))
        pixels = self.inside if self.region is None else self.region.pixels
        places = self.beside(rows, alignment)
        cells = cell_likeness(self.moved[rows], self.archive.frames[places].astype(np.float32), pixels)
        for row, time in zip(rows.tolist(), self.query.times[rows].tolist(), strict=True):
            told[row] = np.median(cells[np.abs(self.query.times[rows] - time) <= _CELLS_SECONDS])
        return told

    def refine(self, core: npt.NDArray[np.bool_], alignment: Alignment) -> bool:
        """Refine the map of pictures where that lets aligned pictures agree better."""
        rows, places = self.aligned(core, alignment, _REFINING_PICTURES)
        pairs = [(self.query.frames[row], self.archive.frames[place]) for row, place in zip(rows, places, strict=True)]
        rows, held = self._beside(core, alignment)
        best, chosen = self._gained(self.matrix, rows, held) + _BETTER, None
        for matrix in refined_maps(pairs, self.matrix):
            gained = self._gained(matrix, rows, held)
            if gained > best:
                best, chosen = gained, matrix
        if chosen is None:
            return False
        self.matrix = chosen
        self._warp()
        return True

    def _gained(self, matrix: npt.NDArray[np.float64], rows: list[int], held: npt.NDArray[np.float32]) -> float:
        """How alike the region is under a map, weighted by how much of it there is."""
        if not rows:
            return 0.0
        moved, inside = warped(self.query.frames[rows], matrix, *self.archive.size)
        found = agreeing_region(moved, held, inside) if inside.sum() >= _LEAST_PIXELS else None
        return 0.0 if found is None else found.likeness * float(found.pixels.mean()) ** 0.5


def agreement(
    query: Track,
    archive: Track,
    matrix: npt.NDArray[np.float64],
    alignment: Alignment,
    stretch: tuple[float, float],
    *,
    search: bool = False,
) -> Agreement | None:
    """How the query agrees with the archived footage around a stretch; `None` where nothing can be compared.

    Args:
        query: grey pictures of the query, larger than the archive's where an inset is to be seen.
        archive: grey pictures of the item.
        matrix: shape (3, 3), query to archive in fractions of the upright pictures.
        alignment: where to look, to about half a second.
        stretch: first and last query time that are thought to agree, seconds.
        search: look in the whole of `archive` and at all rates where that explains clearly more.
    """
    if len(archive.times) < 2 or len(query.times) < 2:
        return None
    box = _shown(archive, alignment, stretch)
    inner = np.array([[1 / box.width, 0, -box.x / box.width], [0, 1 / box.height, -box.y / box.height], [0, 0, 1.0]])
    comparison = _Comparison(query, framed(archive, box, GRID), inner @ matrix, box)
    core = (query.times >= stretch[0] - 0.05) & (query.times <= stretch[1] + 0.05)
    if not comparison.possible or core.sum() < 2:
        return None
    pictures = comparison.pictures()
    if search:
        alignment, core = widely(pictures, core, alignment)
        stretch = float(query.times[core][0]), float(query.times[core][-1])
    alignment = comparison.better(core, alignment, motion(pictures, core, alignment).alignment)
    comparison.look(core, alignment)
    if comparison.refine(core, alignment):
        comparison.look(core, alignment)
    return _settled(comparison, core, alignment, stretch)


def _settled(
    comparison: _Comparison, core: npt.NDArray[np.bool_], alignment: Alignment, stretch: tuple[float, float]
) -> Agreement | None:
    """Alignment and ends, each found anew by the other, in the region of a comparison."""
    pictures = comparison.pictures()
    times = comparison.query.times
    for _ in range(_PASSES):
        alignment = motion(pictures, core, alignment).alignment
        found = _ends(times, _agreeing(comparison, pictures, alignment, stretch), stretch)
        if found is None:
            return None
        stretch, core = found
        if core.sum() < _LEAST_FRAMES:
            return None
    stretch, core, moves = _by_shots(comparison, pictures, alignment, (stretch, core))
    if core.sum() < _LEAST_FRAMES:
        return None
    told = motion(pictures, core, alignment)
    return _agreement(comparison, pictures, told if moves else replace(told, motion=0.0), stretch, core)


def _by_shots(
    comparison: _Comparison,
    pictures: Pictures,
    alignment: Alignment,
    found: tuple[tuple[float, float], npt.NDArray[np.bool_]],
) -> tuple[tuple[float, float], npt.NDArray[np.bool_], bool]:
    """The stretch without what moves unlike the item at its ends, its pictures, and whether anything moves in it."""
    stretch, core = found
    rows = np.flatnonzero(core)
    times = comparison.query.times
    shown, held = pictures.query[rows], pictures.archive[comparison.beside(rows, alignment)]
    kept, moves = agreeing_shots(shown, held)
    if moves:
        run = moving_run(shown[kept], held[kept])
        kept = slice(kept.start + run.start, kept.start + run.stop)
    if kept.start == 0 and kept.stop == len(rows):
        return stretch, core, moves
    chosen = np.zeros_like(core)
    chosen[rows[kept]] = True
    start = stretch[0] if kept.start == 0 else float(times[rows[kept.start]])
    end = stretch[1] if kept.stop == len(rows) else float(times[rows[kept.stop]])
    return (start, end), chosen, moves


def _shown(archive: Track, alignment: Alignment, stretch: tuple[float, float]) -> Box:
    """The archived picture without bars, around the aligned stretch."""
    times = [alignment.archive_time(time) for time in stretch]
    part = archive.between(min(times), max(times))
    return content(part.frames if len(part.times) else archive.frames)


def _agreement(
    comparison: _Comparison,
    pictures: Pictures,
    told: Motion,
    stretch: tuple[float, float],
    core: npt.NDArray[np.bool_],
) -> Agreement | None:
    region, box = comparison.region, comparison.box
    if region is None:
        return None
    width, height = comparison.archive.size
    outer = np.array([[box.width, 0, box.x], [0, box.height, box.y], [0, 0, 1.0]])
    matrix = outer @ comparison.matrix
    shared = Box(
        box.x + box.width * region.left / width,
        box.y + box.height * region.top / height,
        box.width * (region.right - region.left) / width,
        box.height * (region.bottom - region.top) / height,
    )
    return Agreement(
        alignment=told.alignment,
        matrix=matrix / matrix[2, 2],
        region=shared,
        confined=_confined(comparison, region, core),
        share=float(region.pixels.mean()),
        detail=region.likeness,
        start=stretch[0],
        end=stretch[1],
        motion=told.motion,
        prominence=told.prominence,
        picture=float(np.median(pictures.plain.likeness(told.alignment)[core])),
        moving=told.moving,
        frames=int(core.sum()),
    )


def _confined(comparison: _Comparison, region: Region, core: npt.NDArray[np.bool_]) -> bool:
    """Whether what the query shows beside the region, where the map goes on, mostly moves, or is bars of one colour.

    What stands still and shows something is a caption: drawn on top of the copy, which goes on beneath it.
    """
    beside = comparison.inside.copy()
    beside[region.top : region.bottom, region.left : region.right] = False
    if beside.sum() < _LEAST_BESIDE * comparison.inside.sum():
        return False
    shown = comparison.moved[core][:, beside]
    moves = float(np.median(shown.std(axis=0))) >= _MOVING_LEVELS
    return moves or float(shown.mean(axis=0).std()) < _FLAT_LEVELS
