"""From shots to descriptors: the whole picture, and each panel in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box
from firsthand.recall.descriptors import Described, Descriptor
from firsthand.recall.panels import panels
from firsthand.recall.sampling import Shot

_LAYOUT_PICTURES = 10
_FLAT_LEVELS = 6.0  # standard deviation of grey levels: a picture below it shows nothing to compare


def crop(picture: npt.NDArray[np.uint8], box: Box) -> npt.NDArray[np.uint8]:
    """The region of a picture, at least two pixels a side."""
    height, width = picture.shape[:2]
    left, top = int(box.x * width), int(box.y * height)
    right = max(left + 2, round((box.x + box.width) * width))
    bottom = max(top + 2, round((box.y + box.height) * height))
    return np.ascontiguousarray(picture[max(0, min(top, height - 2)) : bottom, max(0, min(left, width - 2)) : right])


def is_flat(picture: npt.NDArray[np.uint8]) -> bool:
    """Whether the picture has no detail to compare: black, white, one colour, a smooth gradient of little range."""
    small = picture[:: max(1, picture.shape[0] // 64), :: max(1, picture.shape[1] // 64)]
    return float(small.mean(axis=2).std()) < _FLAT_LEVELS


@dataclass(frozen=True, slots=True)
class Rows:
    """Descriptors by one method with the time and region of each: the arrays of a `Fingerprint`, with query forms."""

    times: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float32]
    described: Described


@dataclass(slots=True)
class Describing:
    """Collects the descriptors of shots by several methods.

    Panels are described every `panel_seconds`, if not in every shot: a pane mostly outlasts the shots in it.
    """

    descriptors: Sequence[Descriptor]
    query: bool
    panel_seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    parts: list[list[Described]] = field(default_factory=list)
    flat: list[float] = field(default_factory=list)
    samples: list[float] = field(default_factory=list)
    _panelled: float = -1e9

    def __post_init__(self) -> None:
        self.parts = [[] for _ in self.descriptors]

    def shot(self, shot: Shot) -> None:
        """Describe the samples of a shot."""
        boxes: tuple[Box, ...] = (WHOLE,)
        if shot.times[-1] - self._panelled >= self.panel_seconds:
            spread = np.unique(np.linspace(0, len(shot.pictures) - 1, _LAYOUT_PICTURES).astype(int))
            boxes = (WHOLE, *panels([shot.pictures[index] for index in spread]))
        self.samples.extend(shot.times)
        crops = []
        for time, picture in zip(shot.times, shot.pictures, strict=True):
            if is_flat(picture):
                self.flat.append(time)
                continue
            due = time - self._panelled >= self.panel_seconds
            self._panelled = time if due else self._panelled
            for box in boxes if due else (WHOLE,):
                part = picture if box is WHOLE else crop(picture, box)
                if box is WHOLE or not is_flat(part):
                    crops.append(part)
                    self.times.append(time)
                    self.boxes.append((box.x, box.y, box.width, box.height))
        if crops:
            for descriptor, parts in zip(self.descriptors, self.parts, strict=True):
                parts.append(descriptor.describe(crops, query=self.query))

    def rows(self) -> tuple[Rows, ...]:
        """What was collected, one entry a method."""
        times = np.array(self.times, np.float64)
        boxes = np.array(self.boxes, np.float32).reshape(-1, 4)
        collected = []
        for descriptor, parts in zip(self.descriptors, self.parts, strict=True):
            every = parts or [descriptor.describe([], query=self.query)]
            codes = np.concatenate([part.codes for part in every], axis=1)
            vectors = np.concatenate([part.vectors for part in every], axis=0)
            collected.append(Rows(times, boxes, Described(codes, vectors)))
        return tuple(collected)
