"""A second look: windows of the query's pictures, for copies that fill only a part of it without a clear border."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from firsthand.model.box import Box
from firsthand.recall.describing import Rows, crop, is_flat
from firsthand.recall.descriptors import Descriptor

_GRIDS = ((0.62, 3), (0.42, 4), (0.27, 6))  # side as a share of the picture's, windows a row
_PICTURES = 8


def window_boxes() -> tuple[Box, ...]:
    """The windows, large ones first."""
    return tuple(
        Box(float(left), float(top), side, side)
        for side, count in _GRIDS
        for top in np.linspace(0, 1 - side, count)
        for left in np.linspace(0, 1 - side, count)
    )


def chosen_times(times: Sequence[float]) -> tuple[float, ...]:
    """As many of the times as get a second look, spread evenly."""
    if len(times) <= _PICTURES:
        return tuple(times)
    places = np.unique(np.linspace(0, len(times) - 1, _PICTURES).astype(int))
    return tuple(times[place] for place in places)


def window_rows(times: Sequence[float], pictures: Sequence[npt.NDArray[np.uint8]], descriptor: Descriptor) -> Rows:
    """The descriptors of all windows of the pictures that show anything."""
    crops, at, boxes = [], [], []
    for time, picture in zip(times, pictures, strict=True):
        for box in window_boxes():
            part = crop(picture, box)
            if not is_flat(part):
                crops.append(part)
                at.append(time)
                boxes.append((box.x, box.y, box.width, box.height))
    return Rows(
        np.array(at, np.float64),
        np.array(boxes, np.float32).reshape(-1, 4),
        descriptor.describe(crops, query=True),
    )
