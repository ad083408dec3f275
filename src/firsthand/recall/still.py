"""Does a still agree with an archived picture, or with one instant of footage?

Where the other side moves, a still of it agrees with one instant and less with the others: what differs from the mean
picture is the same at that instant alone. A picture of the same place at another time agrees with none. Where nothing
moves, only the plain likeness of the two pictures can be told. Either side may be the still: a frame published as a
photograph, a photograph shown in a video.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.recall.region import agreeing_region
from firsthand.recall.tracks import Track, warped

_LEAST_PIXELS = 60
_LEAST_PICTURES = 5
_STILL_LEVELS = 3.0  # grey levels of deviation over time: below it nothing moves
_NEAR_SECONDS = 1.0
_APART_SECONDS = 0.5
_LEAST_LIKENESS = 0.3
_AS_ALIKE = 0.6  # of the best likeness: less is another shot
_BLUR = 6.0  # pixels: coarser light and shade is not compared

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StillAgreement:
    """What comparing a still with an item gave.

    Attributes:
        query: first and last instant of the query, in seconds, that shows it; (0, 0) for an image.
        archive: the same of the item.
        instant: the instants (query, archive) that agree best, seconds.
        motion: correlation of what differs from the mean picture, still against the instant, -1 to 1; `None` where
            nothing moves.
        prominence: by how much it exceeds the 95th percentile of other instants; `None` where nothing moves.
        picture: correlation of the two pictures, detail only.
        share: of the archived picture that is compared.
    """

    query: tuple[float, float]
    archive: tuple[float, float]
    instant: tuple[float, float]
    motion: float | None
    prominence: float | None
    picture: float
    share: float


@dataclass(frozen=True, slots=True)
class _Side:
    """Registered pictures of one side as rows of pixels, and the same without coarse light and shade."""

    times: npt.NDArray[np.float64]
    rows: Rows
    detail: Rows

    def alike(self, picture: Rows) -> npt.NDArray[np.bool_]:
        """Which pictures look like one of the other side: other shots differ by more than what moves in one."""
        likeness = _correlations(picture, self.detail)
        return np.asarray(likeness >= max(_LEAST_LIKENESS, _AS_ALIKE * float(likeness.max())), np.bool_)

    def liveliness(self, picture: Rows) -> float:
        """Deviation over time, in grey levels, that the livelier twentieth of the pixels exceeds.

        Of the pictures that look like one of the other side, and of all where those are too few to tell: a shot that
        holds such a picture may stand still between others.
        """
        alike = self.alike(picture)
        rows = self.rows[alike] if alike.sum() >= _LEAST_PICTURES else self.rows
        return float(np.percentile(rows.std(axis=0), 95)) if len(rows) >= _LEAST_PICTURES else 0.0

    def nearest(self, time: float) -> int:
        return int(np.argmin(np.abs(self.times - time)))


def _side(track: Track, frames: npt.NDArray[np.float32], pixels: npt.NDArray[np.bool_]) -> _Side:
    detail = np.stack([frame - cv2.GaussianBlur(frame, (0, 0), _BLUR) for frame in frames])
    return _Side(track.times, frames[:, pixels], detail[:, pixels])


def _correlations(one: Rows, many: Rows) -> npt.NDArray[np.float64]:
    """Of one row, shape (pixels,), with each of many, shape (n, pixels)."""
    one = one - one.mean()
    many = many - many.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(one) * np.linalg.norm(many, axis=1)
    return np.asarray(many @ one / np.maximum(norms, 1e-6), np.float64)


def _beyond(picture: Rows, mean: Rows) -> Rows:
    """What the mean does not explain of a picture, by least squares, whatever the picture's own contrast.

    The mean is fitted to the picture: the other way round, what moves in the picture would flatten it.
    """
    centred, typical = picture - picture.mean(), mean - mean.mean()
    gain = float(typical @ centred) / max(1e-6, float(typical @ typical))
    return np.asarray(centred - gain * typical, np.float32)


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
    held = archive.frames.astype(np.float32)
    shown, place = int(np.argmin(np.abs(query.times - around[0]))), int(np.argmin(np.abs(archive.times - around[1])))
    region = agreeing_region(frames[shown : shown + 1], held[place : place + 1], inside)
    pixels = inside if region is None else region.pixels
    if pixels.sum() < _LEAST_PIXELS:
        return None
    asked, kept = _side(query, frames, pixels), _side(archive, held, pixels)
    share = float(pixels.mean())
    if asked.liveliness(kept.detail[place]) > kept.liveliness(asked.detail[shown]):
        there, here, motion, prominence = _instant(kept, place, asked, around[0])
    else:
        here, there, motion, prominence = _instant(asked, shown, kept, around[1])
    return StillAgreement(
        query=_stretch(asked, kept.detail[there], here),
        archive=_stretch(kept, asked.detail[here], there),
        instant=(float(asked.times[here]), float(kept.times[there])),
        motion=motion,
        prominence=prominence,
        picture=float(_correlations(asked.detail[here], kept.detail[there : there + 1])[0]),
        share=share,
    )


def _instant(still: _Side, shown: int, moving: _Side, around: float) -> tuple[int, int, float | None, float | None]:
    """Picture of the still side and of the other that agree best; correlation of what moves; by how much it stands out.

    Only pictures that look like the still are in question. Where these stand still (a photograph shown for a while
    between other shots), so does the stretch.
    """
    likeness = _correlations(still.detail[shown], moving.detail)
    alike = moving.alike(still.detail[shown])
    if moving.liveliness(still.detail[shown]) < _STILL_LEVELS:
        near = np.abs(moving.times - around) <= _NEAR_SECONDS
        near[moving.nearest(around)] = True
        return shown, int(np.argmax(np.where(near, likeness, -1.0))), None, None
    if not alike.any():
        return shown, int(np.argmax(likeness)), 0.0, 0.0
    mean = (moving.detail[alike] if alike.sum() >= _LEAST_PICTURES else moving.detail).mean(axis=0)
    agreement = _correlations(_beyond(still.detail[shown], mean), moving.detail - mean)
    best = int(np.argmax(np.where(alike, agreement, -1.0)))
    elsewhere = agreement[alike & (np.abs(moving.times - moving.times[best]) >= _APART_SECONDS)]
    peak = float(agreement[best])
    return shown, best, peak, peak - (float(np.percentile(elsewhere, 95)) if elsewhere.size else 0.0)


def _stretch(side: _Side, picture: Rows, best: int) -> tuple[float, float]:
    """First and last instant around the best whose pictures agree nearly as well, without a break."""
    detail = _correlations(picture, side.detail)
    alike = detail >= max(0.5, detail[best] - 0.08)
    alike[best] = True
    places = np.flatnonzero(alike)
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    run = next(run for run in runs if best in run)
    step = float(np.median(np.diff(side.times))) if len(side.times) > 1 else 0.0
    return float(side.times[run[0]]), float(side.times[run[-1]]) + step
