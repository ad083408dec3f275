"""At which alignment of time do the moving parts of two registered stretches move together?

Deviations of each picture from the mean picture are compared along lines of time: in a copy they agree at one line and
at no other. All follows from the inner products of the pictures, so that many lines cost little.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment
from firsthand.recall.products import Products

_STEP_SECONDS = 0.04
_REACH_SECONDS = 0.6
_RATE_STEPS = np.linspace(-0.04, 0.04, 17)
_FINE_RATES = np.linspace(-0.0045, 0.0045, 7)
_RATE_SECONDS = 1.5  # shorter stretches do not tell the rate: it stays as the vote found it
_ROUND_RATE = 0.015  # of correlation: so much must another rate explain more than the rate of 1
_STILL_LEVELS = 3.0  # grey levels: below it a stretch shows nothing that moves
_LEAST_DEVIATION = 0.5  # squared grey levels a pixel: less is noise
_BRIEF_SECONDS = 4.0
_ROW_LIMIT = 500
_SEARCH_ROWS = 48
_SEARCH_RATES = np.unique(np.append(np.exp(np.linspace(np.log(0.45), np.log(2.2), 33)), 1.0))
_SEARCH_STEP_SECONDS = 0.08
_SEARCH_SHARE = 0.6  # of the stretch that must meet the archive
_CHANGED_SPEED = 0.04  # of correlation: so much more must a changed speed or direction explain
_BRIEF_PENALTY = 0.12  # the same, more for brief stretches, in which any speed explains a slow movement
_EXACT_PLACES = 24
_LEAST_ENERGY = 0.2  # of the mean: stretches without movement would divide by nothing
_CUT_LIKENESS = 0.4  # correlation of neighbouring pictures
_CLEARLY = 0.08  # of correlation: so much better must the wide search be than the vote


@dataclass(frozen=True, slots=True)
class Pictures:
    """Registered pictures of both sides as rows of level brightness, and their inner products."""

    query: npt.NDArray[np.float32]
    archive: npt.NDArray[np.float32]
    plain: Products

    def deviations(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.bool_]) -> Products:
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
        return Products(
            plain.times[rows],
            plain.archive_times,
            products,
            np.maximum(plain.query_energy[rows] - 2 * (query @ query_mean) + float(query_mean @ query_mean), 0),
            np.maximum(plain.archive_energy - 2 * (archive @ archive_mean) + float(archive_mean @ archive_mean), 0),
        )


def compared(
    times: npt.NDArray[np.float64],
    query: npt.NDArray[np.float32],
    archive_times: npt.NDArray[np.float64],
    archive: npt.NDArray[np.float32],
) -> Pictures:
    """Both sides as rows of as many pixels, shape (n, pixels) and (m, pixels), ready to be compared."""
    moved = query - query.mean(axis=1, keepdims=True)
    held = archive - archive.mean(axis=1, keepdims=True)
    plain = Products(
        times,
        archive_times,
        (moved @ held.T).astype(np.float64),
        np.einsum("ij,ij->i", moved, moved).astype(np.float64),
        np.einsum("ij,ij->i", held, held).astype(np.float64),
    )
    return Pictures(moved, held, plain)


@dataclass(frozen=True, slots=True)
class Motion:
    """The refined alignment, the correlation of what moves there, by how much it exceeds others, and how much moves."""

    alignment: Alignment
    motion: float
    prominence: float
    moving: float


def _refined(motion: Products, start: Alignment, least: int) -> tuple[Alignment, float]:
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
    rate, centre = float(grid_rates[best]), float(centre + grid_shifts[best])
    found = _top(motion, rate, centre, middle, least)
    if rate == steady or not long:
        return found
    finer = [_top(motion, rate * (1 + float(step)), centre, middle, least) for step in _FINE_RATES]
    return max([found, *finer], key=lambda one: one[1])


def _top(motion: Products, rate: float, centre: float, middle: float, least: int) -> tuple[Alignment, float]:
    """The top of a parabola through the best offset and its neighbours."""
    fine = np.arange(-2, 3) * (_STEP_SECONDS / 2)
    values = motion.correlations(np.full(len(fine), rate), np.asarray(centre + fine - rate * middle, np.float64), least)
    best = int(np.clip(np.argmax(values), 1, len(fine) - 2))
    low, mid, high = values[best - 1 : best + 2]
    bend = low - 2 * mid + high
    shift = float(np.clip(0.5 * (low - high) / bend, -1, 1)) if bend < -1e-9 else 0.0
    offset = centre + float(fine[best]) + shift * _STEP_SECONDS / 2 - rate * middle
    return Alignment(rate, offset), float(max(values))


def widely(
    pictures: Pictures, core: npt.NDArray[np.bool_], start: Alignment
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


def _motion_of(pictures: Pictures, core: npt.NDArray[np.bool_], start: Alignment) -> float:
    """The best correlation near the alignment that was voted for."""
    rows = _spread_rows(core)
    middle = float(pictures.plain.times[rows].mean()) if len(rows) else 0.0
    near = start.archive_time(middle) + np.arange(-0.4, 0.41, _SEARCH_STEP_SECONDS)
    return max(_exactly(pictures, rows, Alignment(start.rate, float(at) - start.rate * middle)) for at in near)


def _exactly(pictures: Pictures, rows: npt.NDArray[np.intp], alignment: Alignment) -> float:
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


def _searched(pictures: Pictures, core: npt.NDArray[np.bool_]) -> tuple[Alignment, float] | None:
    """The alignment of some rows with the best correlation, and that, less what a changed speed must exceed."""
    rows = _spread_rows(core)
    times = pictures.plain.times[rows]
    if len(rows) < 4 or float(np.ptp(times)) < 0.5:
        return None
    products = _against_local_means(pictures, rows, float(np.ptp(times)))
    middle = float(times.mean())
    # Each rate once; a place that another exceeds beside it is not looked at exactly.
    centres = np.arange(products.archive_times[0], products.archive_times[-1], _SEARCH_STEP_SECONDS)
    unsure = _CHANGED_SPEED + _BRIEF_PENALTY * max(0.0, 1 - float(np.ptp(times)) / _BRIEF_SECONDS)
    rates = np.concatenate([_SEARCH_RATES, -_SEARCH_RATES])
    grid_rates, grid_centres = (axis.ravel() for axis in np.meshgrid(rates, centres, indexing="ij"))
    offsets = grid_centres - grid_rates * middle
    values = products.correlations(grid_rates, offsets, _enough(rows))
    values -= np.repeat([_penalty(float(rate), unsure) for rate in rates], len(centres))
    best: tuple[Alignment, float] | None = None
    for place in _peaks(values.reshape(len(rates), len(centres))):
        tried = Alignment(float(grid_rates[place]), float(offsets[place]))
        value = _exactly(pictures, rows, tried) - _penalty(tried.rate, unsure)
        if best is None or value > best[1]:
            best = tried, value
    return best


def _peaks(values: npt.NDArray[np.float64]) -> list[int]:
    """Flat places of the highest values that no neighbour (rate, offset) exceeds, best first."""
    padded = np.pad(values, 1, constant_values=-np.inf)
    height, width = values.shape
    around = [padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    top = np.flatnonzero((values >= np.max(around, axis=0)) & (values > 0))
    flat = values.ravel()
    return [int(place) for place in top[np.argsort(-flat[top], kind="stable")][:_EXACT_PLACES]]


def _penalty(rate: float, unsure: float) -> float:
    """By how much the correlation at a rate must exceed that at rate 1."""
    if rate == 1.0:
        return 0.0
    return unsure / 2 if rate == -1.0 else unsure


def _against_local_means(pictures: Pictures, rows: npt.NDArray[np.intp], duration: float) -> Products:
    """Products of the query's deviations with the archive's, whose mean is that of the time around each picture."""
    plain = pictures.plain
    mean = pictures.query[rows].mean(axis=0)
    energy = plain.query_energy[rows] - 2 * (pictures.query[rows] @ mean) + float(mean @ mean)
    low, high = np.searchsorted(
        plain.archive_times, [plain.archive_times - duration / 2, plain.archive_times + duration / 2]
    )
    first, last = _shots(pictures.archive)
    low, high = np.maximum(low, first), np.minimum(high, last)
    sums = np.vstack([np.zeros((1, pictures.archive.shape[1])), np.cumsum(pictures.archive, axis=0, dtype=np.float64)])
    local = ((sums[high] - sums[low]) / np.maximum(high - low, 1)[:, None]).astype(np.float32)
    deviation = pictures.archive - local
    own = np.einsum("ij,ij->i", deviation, deviation).astype(np.float64)
    return Products(
        plain.times[rows],
        plain.archive_times,
        plain.products[rows] - (pictures.archive @ mean)[None, :],
        np.maximum(energy, 0),
        np.maximum(own, own.mean() * _LEAST_ENERGY),
    )


def _shots(rows: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each picture, shape (n, pixels), the first of its shot and the one after its last."""
    norms = np.linalg.norm(rows, axis=1)
    alike = np.einsum("ij,ij->i", rows[1:], rows[:-1]) / np.maximum(norms[1:] * norms[:-1], 1e-6)
    bounds = np.concatenate([[0], np.flatnonzero(alike < _CUT_LIKENESS) + 1, [len(rows)]])
    lengths = np.diff(bounds)
    return np.repeat(bounds[:-1], lengths), np.repeat(bounds[1:], lengths)


def _elsewhere(motion: Products, best: Alignment, least: int) -> float:
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


def motion(pictures: Pictures, core: npt.NDArray[np.bool_], alignment: Alignment) -> Motion:
    """Refine the alignment by what moves; unrefined where nothing does."""
    rows = np.flatnonzero(core)
    rows = rows[:: max(1, len(rows) // _ROW_LIMIT)]
    plain = pictures.plain
    ends = sorted(alignment.archive_time(float(plain.times[row])) for row in (rows[0], rows[-1]))
    within = (plain.archive_times >= ends[0] - 0.3) & (plain.archive_times <= ends[1] + 0.3)
    if within.sum() < 2:
        return Motion(alignment, 0.0, 0.0, 0.0)
    products = pictures.deviations(rows, within)
    moving = min(_liveliness(pictures.query[rows]), _liveliness(pictures.archive[within]))
    if moving < _STILL_LEVELS:
        return Motion(alignment, 0.0, 0.0, moving)
    least = max(2, int(0.7 * len(rows)))
    refined, peak = _refined(products, alignment, least)
    return Motion(refined, peak, peak - _elsewhere(products, refined, least), moving)
