"""Makes what a repost looks like, from footage whose origin is known: for demonstrations and tests."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.errors import UnreadableMediaError
from firsthand.media.reading import read_pictures
from firsthand.media.write import VideoWriter

Pixels = npt.NDArray[np.uint8]

_SIZE = (640, 360)
_RATE = 25
_INSET_WIDTH = 300
_MARGIN = 14
_BAR = 44
_KEPT = 0.86  # of each side of the excerpt


@dataclass(frozen=True, slots=True)
class Repost:
    """An excerpt of `footage` from `start` for `seconds`, mirrored, cropped and captioned, inside `host`."""

    footage: Path
    start: float
    seconds: float
    host: Path
    caption: str
    path: Path


@dataclass(frozen=True, slots=True)
class Made:
    """How long the repost became, in seconds."""

    seconds: float


def make_repost(order: Repost, report: Callable[[float], None]) -> Made:
    """Write the repost that `order` describes.

    Raises:
        UnreadableMediaError: the footage or the host has no pictures there.
    """
    shown = [
        (time - order.start, picture)
        for time, picture in read_pictures(order.footage, 640)
        if order.start <= time < order.start + order.seconds
    ]
    hosts = [cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA) for _, picture in read_pictures(order.host, 640)]
    if not shown or not hosts:
        raise UnreadableMediaError(f"{order.footage}: expected pictures from {order.start} s on, got none")
    times = np.array([time for time, _ in shown])
    count = round(order.seconds * _RATE)
    with VideoWriter(order.path, *_SIZE, _RATE) as writer:
        for index in range(count):
            nearest = int(np.argmin(np.abs(times - index / _RATE)))
            writer.write(_composed(hosts[index % len(hosts)], shown[nearest][1], order.caption))
            report((index + 1) / count)
    return Made(count / _RATE)


def _composed(host: npt.NDArray[np.generic], picture: Pixels, caption: str) -> Pixels:
    """One picture: the host, the mirrored and cropped excerpt in its corner, a bar with words below."""
    canvas = np.array(host, np.uint8)
    height, width = picture.shape[:2]
    top, left = round(height * (1 - _KEPT) / 2), round(width * (1 - _KEPT) / 2)
    inset = picture[top : height - top, left : width - left][:, ::-1]
    size = (_INSET_WIDTH, round(_INSET_WIDTH * inset.shape[0] / inset.shape[1]))
    inset = np.asarray(cv2.resize(np.ascontiguousarray(inset), size, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = canvas.shape[1] - size[0] - _MARGIN, _MARGIN
    canvas[y : y + size[1], x : x + size[0]] = inset
    canvas[-_BAR:] = (20, 20, 24)
    cv2.putText(
        canvas, caption, (_MARGIN, canvas.shape[0] - 14), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (240, 240, 240), 2, cv2.LINE_AA
    )
    return canvas
