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

GRID = 88
"""Longer side, in pixels, of the archived picture on which agreement is measured."""

_OFFSET_STEP = 0.02
_OFFSET_REACH = 0.6
_RATE_STEPS = np.linspace(-0.04, 0.04, 9)
_STILL_LEVELS = 1.6  # grey levels: below it a stretch shows nothing that moves
_LEAST_PIXELS = 60
_GAP_SECONDS = 0.75
_ROW_LIMIT = 400
_PASSES = 2


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
        moving: root mean square deviation in grey levels, of the side that moves less.
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
    pixels = np.diag([width, height, 1.0]) @ matrix @ np.diag([1 / columns, 1 / rows, 1.0])
    scale = float(np.sqrt(abs(np.linalg.det(pixels[:2, :2]))))
    sigma = 0.45 * np.sqrt(max(0.0, 1 / scale**2 - 1))
    frames = np.empty((len(track.times), height, width), np.float32)
    for index, frame in enumerate(track.frames):
        soft = cv2.GaussianBlur(frame, (0, 0), sigma) if sigma > 0.3 else frame
        frames[index] = cv2.warpPerspective(soft, pixels, (width, height), flags=cv2.INTER_LINEAR)
    reach = cv2.warpPerspective(np.ones((rows, columns), np.float32), pixels, (width, height))
    inside = cv2.erode((reach > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    return frames, inside


def _levelled(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Without each picture's own brightness: rows of zero mean."""
    return frames - frames.mean(axis=1, keepdims=True)


def _deviations(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    level = _levelled(frames)
    return level - level.mean(axis=0, keepdims=True)


@dataclass(frozen=True, slots=True)
class _Products:
    """Inner products of query and archive pictures, and their energies."""

    times: npt.NDArray[np.float64]
    archive_times: npt.NDArray[np.float64]
    products: npt.NDArray[np.float64]
    query_energy: npt.NDArray[np.float64]
    archive_energy: npt.NDArray[np.float64]

    def at(
        self, alignment: Alignment
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Along a line: products, archive energies, and which query times fall within the archive's stretch."""
        places = np.interp(
            alignment.offset + alignment.rate * self.times,
            self.archive_times,
            np.arange(len(self.archive_times)),
            left=-1,
            right=-1,
        )
        inside = places >= 0
        low = np.clip(np.floor(places).astype(int), 0, max(0, len(self.archive_times) - 2))
        part = np.clip(places - low, 0, 1)
        high = np.minimum(low + 1, len(self.archive_times) - 1)
        rows = np.arange(len(self.times))
        products = (1 - part) * self.products[rows, low] + part * self.products[rows, high]
        energy = (1 - part) * self.archive_energy[low] + part * self.archive_energy[high]
        return products, energy, inside

    def correlation(self, alignment: Alignment, least: int) -> float:
        """Of the whole stretches along a line; 0 where fewer than `least` pictures meet."""
        products, energy, inside = self.at(alignment)
        if inside.sum() < least:
            return 0.0
        norm = np.sqrt(self.query_energy[inside].sum() * energy[inside].sum())
        return float(products[inside].sum() / norm) if norm > 0 else 0.0


def _products(
    times: npt.NDArray[np.float64],
    query: npt.NDArray[np.float32],
    archive_times: npt.NDArray[np.float64],
    archive: npt.NDArray[np.float32],
) -> _Products:
    return _Products(
        times,
        archive_times,
        (query @ archive.T).astype(np.float64),
        (query.astype(np.float64) ** 2).sum(axis=1),
        (archive.astype(np.float64) ** 2).sum(axis=1),
    )


def _refined(motion: _Products, start: Alignment, least: int, *, rates: bool) -> tuple[Alignment, float]:
    middle = float(np.median(motion.times))
    centre = start.archive_time(middle)
    best, peak = start, -2.0
    for change in _RATE_STEPS if rates else (0.0,):
        rate = start.rate * (1 + change)
        for shift in np.arange(-_OFFSET_REACH, _OFFSET_REACH + 1e-9, 2 * _OFFSET_STEP):
            tried = Alignment(rate, centre + shift - rate * middle)
            value = motion.correlation(tried, least) - 0.02 * abs(change)
            if value > peak:
                best, peak = tried, value
    return _parabola(motion, best, least)


def _parabola(motion: _Products, best: Alignment, least: int) -> tuple[Alignment, float]:
    """The top of a parabola through the best offset and its neighbours."""
    values = [
        motion.correlation(Alignment(best.rate, best.offset + shift), least)
        for shift in (-2 * _OFFSET_STEP, 0.0, 2 * _OFFSET_STEP)
    ]
    bend = values[0] - 2 * values[1] + values[2]
    shift = 0.5 * (values[0] - values[2]) / bend if bend < -1e-9 else 0.0
    top = Alignment(best.rate, best.offset + float(np.clip(shift, -1, 1)) * 2 * _OFFSET_STEP)
    return top, max(values[1], motion.correlation(top, least))


def _elsewhere(motion: _Products, best: Alignment, least: int) -> float:
    """The 95th percentile of the correlation at other alignments, at least half a second away."""
    low = motion.archive_times[0] - best.archive_time(float(motion.times.max()))
    high = motion.archive_times[-1] - best.archive_time(float(motion.times.min()))
    shifts = np.arange(min(low, high), max(low, high), 0.2)
    values = [
        motion.correlation(Alignment(best.rate, best.offset + shift), least) for shift in shifts if abs(shift) >= 0.5
    ]
    values = [value for value in values if value != 0.0]
    return float(np.percentile(values, 95)) if len(values) >= 3 else 0.0


def _likeness(pictures: _Products, alignment: Alignment) -> npt.NDArray[np.float64]:
    """The correlation of each query picture with its aligned one; -1 where there is none."""
    products, energy, inside = pictures.at(alignment)
    norm = np.sqrt(pictures.query_energy * energy)
    return np.where(inside & (norm > 0), products / np.maximum(norm, 1e-9), -1.0)


def _ends(
    times: npt.NDArray[np.float64], likeness: npt.NDArray[np.float64], stretch: tuple[float, float]
) -> tuple[float, float, npt.NDArray[np.bool_]] | None:
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
    return float(times[run[0]]), float(min(end, times[run[-1]] + 2 * step)), chosen


def agreement(
    query: Track,
    archive: Track,
    matrix: npt.NDArray[np.float64],
    alignment: Alignment,
    stretch: tuple[float, float],
) -> Agreement | None:
    """How the query agrees with the archived footage around a stretch; `None` where nothing can be compared.

    Args:
        query: grey pictures of the query, larger than the archive's where an inset is to be seen.
        archive: grey pictures of the item, its longer side `GRID` pixels.
        matrix: shape (3, 3), query to archive in fractions of the upright pictures.
        alignment: where to look, to about half a second.
        stretch: first and last query time that are thought to agree, seconds.
    """
    if len(archive.times) < 2 or len(query.times) < 2:
        return None
    height, width = archive.frames.shape[1:]
    frames, inside = warped(query, matrix, width, height)
    if inside.sum() < _LEAST_PIXELS:
        return None
    moved = frames[:, inside]
    held = archive.frames[:, inside].astype(np.float32)
    pictures = _products(query.times, _levelled(moved), archive.times, _levelled(held))
    core = (query.times >= stretch[0] - 0.05) & (query.times <= stretch[1] + 0.05)
    ends = stretch
    motion = None
    for _ in range(_PASSES):
        if core.sum() < 2:
            return None
        motion = _motion(query.times[core], moved[core], archive, held, alignment)
        alignment = motion.alignment
        found = _ends(query.times, _likeness(pictures, alignment), ends)
        if found is None:
            return None
        *ends_found, core = found
        ends = (ends_found[0], ends_found[1])
    if motion is None or core.sum() < 2:
        return None
    motion = _motion(query.times[core], moved[core], archive, held, alignment)
    likeness = _likeness(pictures, motion.alignment)[core]
    return Agreement(
        alignment=motion.alignment,
        start=ends[0],
        end=ends[1],
        motion=motion.motion,
        prominence=motion.prominence,
        picture=float(np.median(likeness)),
        moving=motion.moving,
        frames=int(core.sum()),
    )


@dataclass(frozen=True, slots=True)
class _Motion:
    alignment: Alignment
    motion: float
    prominence: float
    moving: float


def _motion(
    times: npt.NDArray[np.float64],
    moved: npt.NDArray[np.float32],
    archive: Track,
    held: npt.NDArray[np.float32],
    alignment: Alignment,
) -> _Motion:
    """Refine the alignment by what moves; unrefined where nothing does."""
    step = max(1, len(times) // _ROW_LIMIT)
    times, moved = times[::step], moved[::step]
    ends = sorted((alignment.archive_time(float(times[0])), alignment.archive_time(float(times[-1]))))
    within = (archive.times >= ends[0] - 0.3) & (archive.times <= ends[1] + 0.3)
    if within.sum() < 2:
        return _Motion(alignment, 0.0, 0.0, 0.0)
    level = _levelled(held)
    query = _deviations(moved)
    kept = level - level[within].mean(axis=0, keepdims=True)
    moving = float(min(np.sqrt((query**2).mean()), np.sqrt((kept[within] ** 2).mean())))
    if moving < _STILL_LEVELS:
        return _Motion(alignment, 0.0, 0.0, moving)
    products = _products(times, query, archive.times, kept)
    least = max(2, int(0.7 * len(times)))
    duration = float(times[-1] - times[0])
    refined, peak = _refined(products, alignment, least, rates=duration > 1.5)
    return _Motion(refined, peak, peak - _elsewhere(products, refined, least), moving)
