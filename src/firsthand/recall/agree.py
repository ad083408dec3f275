"""Do the moving parts of two registered stretches move together, and from when to when?

Local features recognise a place; they cannot tell two recordings of one place apart (a fixed camera at another hour,
another take in the same room). What moves can: after registration the deviation of each picture from the mean picture
is compared over time. In a copy these deviations agree at one alignment of time and at no other; in another take
nowhere. The same comparison gives the alignment to a fraction of a frame, and the plain likeness of aligned pictures
gives the ends of the stretch.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment

GRID = 72
"""Longer side, in pixels, of the archived picture on which agreement is measured."""

_STEP_SECONDS = 0.04
_REACH_SECONDS = 0.6
_RATE_STEPS = np.linspace(-0.04, 0.04, 17)
_RATE_SECONDS = 1.5  # shorter stretches do not tell the rate: it stays as the vote found it
_ROUND_RATE = 0.015  # of correlation: so much must another rate explain more than the rate of 1
_STILL_LEVELS = 3.0  # grey levels: below it a stretch shows nothing that moves
_LEAST_PIXELS = 60
_LEAST_DEVIATION = 0.5  # squared grey levels a pixel: less is noise
_LEAST_FRAMES = 4
_BRIEF_SECONDS = 4.0
_GAP_SECONDS = 0.75
_PASSES = 2
_ROW_LIMIT = 500
_SEARCH_ROWS = 48
_SEARCH_RATES = np.unique(np.append(np.exp(np.linspace(np.log(0.45), np.log(2.2), 33)), 1.0))
_SEARCH_STEP_SECONDS = 0.08
_SEARCH_SHARE = 0.6  # of the stretch that must meet the archive
_CHANGED_SPEED = 0.04  # of correlation: so much more must a changed speed or direction explain
_BRIEF_PENALTY = 0.12  # the same, more for brief stretches, in which any speed explains a slow movement
_EXACT_PLACES = 3
_LEAST_ENERGY = 0.2  # of the mean: stretches without movement would divide by nothing
_CLEARLY = 0.08  # of correlation: so much better must the wide search be than the vote


@dataclass(frozen=True, slots=True)
class Track:
    """Grey pictures over time: times float64, shape (n,), seconds; frames uint8, shape (n, height, width)."""

    times: npt.NDArray[np.float64]
    frames: npt.NDArray[np.uint8]

    def between(self, low: float, high: float) -> "Track":
        """The part from `low` to `high` seconds."""
        first, last = np.searchsorted(self.times, [low, high + 1e-6])
        return Track(self.times[first:last], self.frames[first:last])


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the dense comparison of a registered stretch gave.

    Attributes:
        alignment: refined map of query time to archive time.
        start: first query time at which the pictures agree, seconds.
        end: query time after the last picture that agrees, seconds.
        motion: correlation of the deviations from the mean picture at the alignment, -1 to 1; 0 where nothing moves.
        prominence: by how much it exceeds the 95th percentile of other alignments of time.
        picture: median correlation of aligned pictures.
        moving: deviation over time in grey levels that the livelier pixels exceed, of the side that moves less.
        frames: aligned pictures compared.
    """

    alignment: Alignment
    start: float
    end: float
    motion: float
    prominence: float
    picture: float
    moving: float
    frames: int


def warped(
    track: Track, matrix: npt.NDArray[np.float64], width: int, height: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The query's pictures on the archived picture's grid, shape (n, height, width), and where they reach."""
    rows, columns = track.frames.shape[1:]
    scale = float(np.sqrt(abs(np.linalg.det(_pixels(matrix, width, height, columns, rows)[:2, :2]))))
    shrink = int(np.clip(np.floor(1 / max(scale, 1e-3)), 1, min(rows, columns) // 8))
    size = (columns // shrink, rows // shrink)
    pixels = _pixels(matrix, width, height, *size)
    frames = np.empty((len(track.times), height, width), np.float32)
    for index, frame in enumerate(track.frames):
        small = frame if shrink == 1 else cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        frames[index] = cv2.warpPerspective(small, pixels, (width, height), flags=cv2.INTER_LINEAR)
    reach = cv2.warpPerspective(np.ones(size[::-1], np.float32), pixels, (width, height))
    inside = cv2.erode((reach > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    return frames, inside


def _pixels(
    matrix: npt.NDArray[np.float64], width: int, height: int, columns: int, rows: int
) -> npt.NDArray[np.float64]:
    """The matrix from pixel centres of the query to pixel centres of the grid."""
    centre = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1.0]])
    return np.asarray(
        centre @ np.diag([width, height, 1.0]) @ matrix @ np.diag([1 / columns, 1 / rows, 1.0]) @ np.linalg.inv(centre),
        np.float64,
    )


@dataclass(frozen=True, slots=True)
class _Products:
    """Inner products of query and archive pictures, and their energies.

    Attributes:
        times: float64, shape (n,), of the query, seconds.
        archive_times: float64, shape (m,), seconds.
        products: float64, shape (n, m).
        query_energy: float64, shape (n,).
        archive_energy: float64, shape (m,).
    """

    times: npt.NDArray[np.float64]
    archive_times: npt.NDArray[np.float64]
    products: npt.NDArray[np.float64]
    query_energy: npt.NDArray[np.float64]
    archive_energy: npt.NDArray[np.float64]

    def along(
        self, rates: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Along lines: products, archive energies, which query times meet the archive; each shape (lines, n)."""
        targets = offsets[:, None] + rates[:, None] * self.times[None, :]
        places = np.interp(targets, self.archive_times, np.arange(len(self.archive_times)), left=-1, right=-1)
        low = np.clip(places.astype(int), 0, max(0, len(self.archive_times) - 2))
        part = np.clip(places - low, 0, 1)
        high = np.minimum(low + 1, len(self.archive_times) - 1)
        rows = np.arange(len(self.times))[None, :]
        products = (1 - part) * self.products[rows, low] + part * self.products[rows, high]
        energy = (1 - part) * self.archive_energy[low] + part * self.archive_energy[high]
        return products, energy, places >= 0

    def correlations(
        self, rates: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64], least: int
    ) -> npt.NDArray[np.float64]:
        """Of the whole stretches along each line; 0 where fewer than `least` pictures meet."""
        products, energy, inside = self.along(rates, offsets)
        norm = np.sqrt((self.query_energy * inside).sum(axis=1) * (energy * inside).sum(axis=1))
        total = (products * inside).sum(axis=1)
        return np.where((inside.sum(axis=1) >= least) & (norm > 0), total / np.maximum(norm, 1e-9), 0.0)

    def likeness(self, alignment: Alignment) -> npt.NDArray[np.float64]:
        """The correlation of each query picture with its aligned one; -1 where there is none."""
        products, energy, inside = self.along(np.array([alignment.rate]), np.array([alignment.offset]))
        norm = np.sqrt(self.query_energy * energy[0])
        return np.where(inside[0] & (norm > 0), products[0] / np.maximum(norm, 1e-9), -1.0)


@dataclass(frozen=True, slots=True)
class _Pictures:
    """Registered pictures of both sides as rows of level brightness, and their inner products."""

    query: npt.NDArray[np.float32]
    archive: npt.NDArray[np.float32]
    plain: _Products

    def deviations(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.bool_]) -> _Products:
        """Products of deviations from the mean of the query's `rows` and from the mean of the archive's `columns`.

        They follow from the plain products by subtracting means; no picture is touched again.
        """
        plain = self.plain
        query, archive = self.query[rows], self.archive
        query_mean, archive_mean = query.mean(axis=0), archive[columns].mean(axis=0)
        products = (
            plain.products[rows]
            - (archive @ query_mean)[None, :]
            - (query @ archive_mean)[:, None]
            + float(query_mean @ archive_mean)
        )
        return _Products(
            plain.times[rows],
            plain.archive_times,
            products,
            np.maximum(plain.query_energy[rows] - 2 * (query @ query_mean) + float(query_mean @ query_mean), 0),
            np.maximum(plain.archive_energy - 2 * (archive @ archive_mean) + float(archive_mean @ archive_mean), 0),
        )


def _pictures(query: Track, archive: Track, matrix: npt.NDArray[np.float64]) -> _Pictures | None:
    height, width = archive.frames.shape[1:]
    frames, inside = warped(query, matrix, width, height)
    if inside.sum() < _LEAST_PIXELS:
        return None
    moved, held = frames[:, inside], archive.frames[:, inside].astype(np.float32)
    moved -= moved.mean(axis=1, keepdims=True)
    held -= held.mean(axis=1, keepdims=True)
    plain = _Products(
        query.times,
        archive.times,
        (moved @ held.T).astype(np.float64),
        np.einsum("ij,ij->i", moved, moved).astype(np.float64),
        np.einsum("ij,ij->i", held, held).astype(np.float64),
    )
    return _Pictures(moved, held, plain)


@dataclass(frozen=True, slots=True)
class _Motion:
    alignment: Alignment
    motion: float
    prominence: float
    moving: float


def _refined(motion: _Products, start: Alignment, least: int) -> tuple[Alignment, float]:
    """The alignment near `start` at which deviations agree best."""
    middle = float(np.median(motion.times))
    centre = start.archive_time(middle)
    long = float(np.ptp(motion.times)) > _RATE_SECONDS
    shifts = np.arange(-_REACH_SECONDS, _REACH_SECONDS + 1e-9, _STEP_SECONDS)
    rates = start.rate * (1 + (_RATE_STEPS if long else np.zeros(1)))
    steady = float(np.sign(start.rate))
    if abs(start.rate - steady) < 0.12:
        rates = np.append(rates, steady)
    grid_rates, grid_shifts = (axis.ravel() for axis in np.meshgrid(rates, shifts, indexing="ij"))
    offsets = centre + grid_shifts - grid_rates * middle
    brief = max(0.0, 1 - float(np.ptp(motion.times)) / _BRIEF_SECONDS)
    bonus = (_ROUND_RATE + _BRIEF_PENALTY / 2 * brief) * (grid_rates == steady)
    values = motion.correlations(grid_rates, offsets, least) + bonus
    best = int(np.argmax(values))
    return _top(motion, float(grid_rates[best]), float(centre + grid_shifts[best]), middle, least)


def _top(motion: _Products, rate: float, centre: float, middle: float, least: int) -> tuple[Alignment, float]:
    """The top of a parabola through the best offset and its neighbours."""
    fine = np.arange(-2, 3) * (_STEP_SECONDS / 2)
    values = motion.correlations(np.full(len(fine), rate), np.asarray(centre + fine - rate * middle, np.float64), least)
    best = int(np.clip(np.argmax(values), 1, len(fine) - 2))
    low, mid, high = values[best - 1 : best + 2]
    bend = low - 2 * mid + high
    shift = float(np.clip(0.5 * (low - high) / bend, -1, 1)) if bend < -1e-9 else 0.0
    offset = centre + float(fine[best]) + shift * _STEP_SECONDS / 2 - rate * middle
    return Alignment(rate, offset), float(max(values))


def _widely(
    pictures: _Pictures, core: npt.NDArray[np.bool_], start: Alignment
) -> tuple[Alignment, npt.NDArray[np.bool_]]:
    """The alignment that explains the motion best, anywhere in the archived track and at any rate; and for which rows.

    The vote can err where pictures look alike for long (somebody talking); what moves knows better. A brief stretch is
    looked for with the pictures around it too, since little moves in it. `start` stays unless another explains clearly
    more.
    """
    times = pictures.plain.times
    middle = float(times[core].mean()) if core.any() else 0.0
    around = np.abs(times - middle) <= _BRIEF_SECONDS / 2
    tried = [core] if around.sum() <= core.sum() else [core, around | core]
    voted = _motion_of(pictures, core, start)
    best, chosen, peak = start, core, voted + _CLEARLY
    for rows in tried:
        found = _searched(pictures, rows)
        if found is not None and found[1] > peak:
            (best, peak), chosen = found, rows
    return best, chosen


def _motion_of(pictures: _Pictures, core: npt.NDArray[np.bool_], start: Alignment) -> float:
    """The best correlation near the alignment that was voted for."""
    rows = _spread_rows(core)
    middle = float(pictures.plain.times[rows].mean()) if len(rows) else 0.0
    near = start.archive_time(middle) + np.arange(-0.4, 0.41, _SEARCH_STEP_SECONDS)
    return max(_exactly(pictures, rows, Alignment(start.rate, float(at) - start.rate * middle)) for at in near)


def _exactly(pictures: _Pictures, rows: npt.NDArray[np.intp], alignment: Alignment) -> float:
    """The correlation of deviations along one line, each side's from its own mean over the line."""
    plain = pictures.plain
    targets = alignment.offset + alignment.rate * plain.times[rows]
    inside = (targets >= plain.archive_times[0] - 0.1) & (targets <= plain.archive_times[-1] + 0.1)
    if inside.sum() < max(4, _enough(rows)):
        return 0.0
    columns = np.clip(np.searchsorted(plain.archive_times, targets[inside]), 0, len(plain.archive_times) - 1)
    left = pictures.query[rows[inside]]
    right = pictures.archive[columns]
    left, right = left - left.mean(axis=0), right - right.mean(axis=0)
    energies = float(np.vdot(left, left)), float(np.vdot(right, right))
    if min(energies) < _LEAST_DEVIATION * left.size:
        return 0.0
    return float(np.vdot(left, right)) / float(np.sqrt(energies[0] * energies[1]))


def _spread_rows(core: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    rows = np.flatnonzero(core)
    return rows[:: max(1, len(rows) // _SEARCH_ROWS)]


def _enough(rows: npt.NDArray[np.intp]) -> int:
    return max(3, int(_SEARCH_SHARE * len(rows)))


def _searched(pictures: _Pictures, core: npt.NDArray[np.bool_]) -> tuple[Alignment, float] | None:
    """The alignment of some rows with the best correlation, and that, less what a changed speed must exceed."""
    rows = _spread_rows(core)
    times = pictures.plain.times[rows]
    if len(rows) < 4 or float(np.ptp(times)) < 0.5:
        return None
    products = _against_local_means(pictures, rows, float(np.ptp(times)))
    middle = float(times.mean())
    centres = np.arange(products.archive_times[0], products.archive_times[-1], _SEARCH_STEP_SECONDS)
    unsure = _CHANGED_SPEED + _BRIEF_PENALTY * max(0.0, 1 - float(np.ptp(times)) / _BRIEF_SECONDS)
    best: tuple[Alignment, float] | None = None
    for rate in np.concatenate([_SEARCH_RATES, -_SEARCH_RATES]):
        offsets = np.asarray(centres - rate * middle, np.float64)
        values = products.correlations(np.full(len(centres), rate), offsets, _enough(rows))
        for place in np.argsort(-values)[:_EXACT_PLACES]:
            tried = Alignment(float(rate), float(offsets[place]))
            value = _exactly(pictures, rows, tried) - _penalty(float(rate), unsure)
            if best is None or value > best[1]:
                best = tried, value
    return best


def _penalty(rate: float, unsure: float) -> float:
    """By how much the correlation at a rate must exceed that at rate 1."""
    if rate == 1.0:
        return 0.0
    return unsure / 2 if rate == -1.0 else unsure


def _against_local_means(pictures: _Pictures, rows: npt.NDArray[np.intp], duration: float) -> _Products:
    """Products of the query's deviations with the archive's, whose mean is that of the time around each picture."""
    plain = pictures.plain
    mean = pictures.query[rows].mean(axis=0)
    energy = plain.query_energy[rows] - 2 * (pictures.query[rows] @ mean) + float(mean @ mean)
    low, high = np.searchsorted(
        plain.archive_times, [plain.archive_times - duration / 2, plain.archive_times + duration / 2]
    )
    sums = np.vstack([np.zeros((1, pictures.archive.shape[1])), np.cumsum(pictures.archive, axis=0, dtype=np.float64)])
    local = ((sums[high] - sums[low]) / np.maximum(high - low, 1)[:, None]).astype(np.float32)
    deviation = pictures.archive - local
    own = np.einsum("ij,ij->i", deviation, deviation).astype(np.float64)
    return _Products(
        plain.times[rows],
        plain.archive_times,
        plain.products[rows] - (pictures.archive @ mean)[None, :],
        np.maximum(energy, 0),
        np.maximum(own, own.mean() * _LEAST_ENERGY),
    )


def _elsewhere(motion: _Products, best: Alignment, least: int) -> float:
    """The 95th percentile of the correlation at other alignments, at least half a second away."""
    reach = sorted((best.archive_time(float(motion.times.min())), best.archive_time(float(motion.times.max()))))
    shifts = np.arange(motion.archive_times[0] - reach[1], motion.archive_times[-1] - reach[0], 0.2)
    shifts = shifts[np.abs(shifts) >= 0.5]
    values = motion.correlations(np.full(len(shifts), best.rate), np.asarray(best.offset + shifts, np.float64), least)
    values = values[values != 0.0]
    return float(np.percentile(values, 95)) if len(values) >= 3 else 0.0


def _liveliness(pictures: npt.NDArray[np.float32]) -> float:
    """Deviation over time, in grey levels, that the livelier twentieth of the pixels exceeds."""
    return float(np.percentile(pictures.std(axis=0), 95))


def _motion(pictures: _Pictures, core: npt.NDArray[np.bool_], alignment: Alignment) -> _Motion:
    """Refine the alignment by what moves; unrefined where nothing does."""
    rows = np.flatnonzero(core)
    rows = rows[:: max(1, len(rows) // _ROW_LIMIT)]
    plain = pictures.plain
    ends = sorted(alignment.archive_time(float(plain.times[row])) for row in (rows[0], rows[-1]))
    within = (plain.archive_times >= ends[0] - 0.3) & (plain.archive_times <= ends[1] + 0.3)
    if within.sum() < 2:
        return _Motion(alignment, 0.0, 0.0, 0.0)
    products = pictures.deviations(rows, within)
    moving = min(_liveliness(pictures.query[rows]), _liveliness(pictures.archive[within]))
    if moving < _STILL_LEVELS:
        return _Motion(alignment, 0.0, 0.0, moving)
    least = max(2, int(0.7 * len(rows)))
    refined, peak = _refined(products, alignment, least)
    return _Motion(refined, peak, peak - _elsewhere(products, refined, least), moving)


def _ends(
    times: npt.NDArray[np.float64], likeness: npt.NDArray[np.float64], stretch: tuple[float, float]
) -> tuple[tuple[float, float], npt.NDArray[np.bool_]] | None:
    """Start and end of the agreeing pictures around a stretch, short gaps bridged, and which pictures agree."""
    core = (times >= stretch[0] - 1e-6) & (times <= stretch[1] + 1e-6)
    inside = likeness[core]
    if not inside.size:
        return None
    typical = float(np.percentile(inside, 70))
    agrees = likeness >= max(0.25, 0.6 * typical)
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
        archive: grey pictures of the item, its longer side `GRID` pixels.
        matrix: shape (3, 3), query to archive in fractions of the upright pictures.
        alignment: where to look, to about half a second.
        stretch: first and last query time that are thought to agree, seconds.
        search: look in the whole of `archive` and at all rates where that explains clearly more.
    """
    if len(archive.times) < 2 or len(query.times) < 2:
        return None
    pictures = _pictures(query, archive, matrix)
    if pictures is None:
        return None
    core = (query.times >= stretch[0] - 0.05) & (query.times <= stretch[1] + 0.05)
    if search:
        alignment, core = _widely(pictures, core, alignment)
        stretch = (float(query.times[core][0]), float(query.times[core][-1])) if core.any() else stretch
    for _ in range(_PASSES):
        if core.sum() < 2:
            return None
        alignment = _motion(pictures, core, alignment).alignment
        found = _ends(query.times, pictures.plain.likeness(alignment), stretch)
        if found is None:
            return None
        stretch, core = found
    if core.sum() < _LEAST_FRAMES:
        return None
    motion = _motion(pictures, core, alignment)
    return Agreement(
        alignment=motion.alignment,
        start=stretch[0],
        end=stretch[1],
        motion=motion.motion,
        prominence=motion.prominence,
        picture=float(np.median(pictures.plain.likeness(motion.alignment)[core])),
        moving=motion.moving,
        frames=int(core.sum()),
    )
