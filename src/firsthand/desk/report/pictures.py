"""Aligned pictures as a page shows them: encoded, outlined, described."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from firsthand.desk.report.clock import on_medium
from firsthand.desk.report.outline import drawable
from firsthand.desk.report.redact import Corners, Picture, blurred, carried_over, clear, corners_of
from firsthand.media.encode import jpeg_bytes
from firsthand.model.box import Box
from firsthand.model.picture import Outline, PicturePair

_BLURRED_QUALITY = 80
_CLEAR_QUALITY = 86


@dataclass(frozen=True, slots=True)
class Side:
    """What to call one side of a pair, such as `This video`, and whether its pictures have a time to state."""

    name: str
    timed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture: its `data:` address, size in pixels, outline as SVG points of a 1000 by 1000 canvas, and words."""

    address: str
    width: int
    height: int
    outline: str
    alt: str
    caption: str
    time: str

    @property
    def shape(self) -> int:
        """Width over height in thousandths, so that the pictures of a pair can be drawn equally high."""
        return min(4000, max(250, round(1000 * self.width / self.height)))


@dataclass(frozen=True, slots=True)
class Pair:
    """The same instant in the thing and in the archived item."""

    query: Shown
    archive: Shown
    note: str


def chosen(pairs: Sequence[PicturePair], most: int) -> tuple[PicturePair, ...]:
    """At most `most` pairs, spread evenly over those there are, the first and the last among them."""
    if len(pairs) <= most:
        return tuple(pairs)
    places = np.linspace(0, len(pairs) - 1, most).round().astype(int)
    return tuple(pairs[place] for place in places)


def shown_pair(
    pair: PicturePair, sides: tuple[Side, Side], manner: Sequence[str], *, unredacted: bool, boxes: Sequence[Box]
) -> Pair:
    """The pair as the page shows it.

    Args:
        pair: both pictures with their outlines.
        sides: the thing and the archived item.
        manner: how the query's picture is mirrored or turned.
        unredacted: whether a person asked for clear pictures.
        boxes: regions of the query's picture that a person drew; they are filled in both pictures.
    """
    here = [corners_of(box) for box in boxes]
    there = [carried_over(box, pair.query_outline, pair.archive_outline) for box in boxes]
    agreeing = f"{pair.inliers:,} points agree" if pair.inliers else ""
    return Pair(
        _shown(pair.query_picture, pair.query_outline, here, (sides[0], pair.query_time), unredacted=unredacted),
        _shown(pair.archive_picture, pair.archive_outline, there, (sides[1], pair.archive_time), unredacted=unredacted),
        " · ".join(chain(manner, [agreeing] if agreeing else [])),
    )


def _shown(
    picture: Picture, outline: Outline, covered: Sequence[Corners], label: tuple[Side, float], *, unredacted: bool
) -> Shown:
    side, seconds = label
    time = on_medium(seconds) if side.timed else ""
    drawn = clear(picture, covered) if unredacted else blurred(picture, covered)
    encoded = jpeg_bytes(drawn, _CLEAR_QUALITY if unredacted else _BLURRED_QUALITY)
    region = drawable(outline)
    state = "" if unredacted else ", blurred"
    outlined = ", with the shared region outlined" if region else ""
    return Shown(
        f"data:image/jpeg;base64,{base64.b64encode(encoded).decode()}",
        drawn.shape[1],
        drawn.shape[0],
        " ".join(f"{1000 * x:.1f},{1000 * y:.1f}" for x, y in region),
        f"{side.name}{f' at {time}' if time else ''}{state}{outlined}",
        side.name,
        time,
    )
