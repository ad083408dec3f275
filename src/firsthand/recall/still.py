"""Does a still agree with an archived picture, or with one instant of archived footage?

Where the archived side moves, a still of it agrees with one instant and less with the others; a picture of the same
place at another time agrees with none. Where nothing moves, only the plain likeness can be told.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.recall.tracks import Track, warped

_LEAST_PIXELS = 60
_MOVING_LEVELS = 6.0  # grey levels of deviation over time from which a pixel counts as moving
_MOVING_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class StillAgreement:
    """What comparing a still with an item gave.

    Attributes:
        query: first and last instant of the query, in seconds, that shows it; (0, 0) for an image.
        archive: the same of the item.
        instant: the instants (query, archive) that agree best, seconds.
        explained: share of the archived footage's own change over time that the still shows rightly, at most 1; `None`
            where nothing moves there.
        picture: correlation of the two pictures, detail only.
    """

    query: tuple[float, float]
    archive: tuple[float, float]
    instant: tuple[float, float]
    explained: float | None
    picture: float


def _detail(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Each picture without its coarse light and shade."""
    return np.stack([frame - cv2.GaussianBlur(frame, (0, 0), 6.0) for frame in frames])


def _correlations(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    left = left - left.mean()
    right = right - right.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(left) * np.linalg.norm(right, axis=1)
    return np.asarray(right @ left / np.maximum(norms, 1e-6), np.float64)


def _fitted(still: npt.NDArray[np.float32], held: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The still with gain and offset to fit the mean of `held`, by least squares."""
    target = held.mean(axis=0)
    centred = still - still.mean()
    gain = float(centred @ (target - target.mean())) / max(1e-6, float(centred @ centred))
    return centred * gain + target.mean()


def _nearest(times: npt.NDArray[np.float64], time: float) -> int:
    return int(np.argmin(np.abs(times - time)))


def still_agreement(
    query: Track, archive: Track, matrix: npt.NDArray[np.float64], around: tuple[float, float]
) -> StillAgreement | None:
    """How one picture of `query` agrees with `archive` near the instants `around`; `None` where they hardly overlap.

    Args:
        query: grey pictures around the first instant, at least one.
        archive: grey pictures of the item around the second.
        matrix: shape (3, 3), query to archive in fractions of the pictures.
        around: the instants (query, archive) at which local features agree, seconds.
    """
    if not len(query.times) or not len(archive.times):
        return None
    height, width = archive.frames.shape[1:]
    frames, inside = warped(query.frames, matrix, width, height)
    if inside.sum() < _LEAST_PIXELS:
        return None
    shown = _nearest(query.times, around[0])
    held_frames = archive.frames.astype(np.float32)
    query_detail, archive_detail = _detail(frames)[:, inside], _detail(held_frames)[:, inside]
    detail = _correlations(query_detail[shown], archive_detail)
    near = np.abs(archive.times - around[1]) <= 1.0
    near[_nearest(archive.times, around[1])] = True
    best = int(np.flatnonzero(near)[np.argmax(detail[near])])
    held = held_frames[:, inside]
    return StillAgreement(
        query=_stretch(query.times, _run(_correlations(archive_detail[best], query_detail), shown)),
        archive=_stretch(archive.times, _run(detail, best)),
        instant=(float(query.times[shown]), float(archive.times[best])),
        explained=_explained(_fitted(frames[shown][inside], held), held, best),
        picture=float(detail[best]),
    )


def _stretch(times: npt.NDArray[np.float64], run: npt.NDArray[np.intp]) -> tuple[float, float]:
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    return float(times[run[0]]), float(times[run[-1]]) + step


def _run(detail: npt.NDArray[np.float64], best: int) -> npt.NDArray[np.intp]:
    """The pictures around the best that agree nearly as well, without a break."""
    alike = detail >= max(0.5, detail[best] - 0.08)
    alike[best] = True
    places = np.flatnonzero(alike)
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return next(run for run in runs if best in run)


def _explained(still: npt.NDArray[np.float32], held: npt.NDArray[np.float32], best: int) -> float | None:
    """1 less the ratio of what is left to what moves, over the pixels that move; `None` where none do."""
    if len(held) < 5:
        return None
    typical = np.median(held, axis=0)
    moving = np.abs(held - typical).max(axis=0) >= 3 * _MOVING_LEVELS
    now = np.abs(held[best] - typical) >= _MOVING_LEVELS
    told = moving & now
    if told.sum() < max(8, _MOVING_SHARE * held.shape[1]):
        return None
    change = held[best][told] - typical[told]
    left = held[best][told] - still[told]
    return float(1 - (left**2).sum() / (change**2).sum())
