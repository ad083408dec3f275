"""The edits: for each, the pixels it makes and the matrix by which it moves them.

A matrix maps homogeneous pixel coordinates of the picture before to those after; it is the source of the truth about
mirroring, rotation and boxes. Every edit is deterministic: what looks random comes from `values["seed"]`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

type Picture = npt.NDArray[np.uint8]
type Matrix = npt.NDArray[np.float64]
type Size = tuple[int, int]
type Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """How an edit draws and moves.

    Attributes:
        draw: picture (BGR, uint8), values, second of the made video → picture.
        move: values, (width, height) → matrix and the size after.
    """

    draw: Callable[[Picture, Values, float], Picture]
    move: Callable[[Values, Size], tuple[Matrix, Size]]


def _stay(_values: Values, size: Size) -> tuple[Matrix, Size]:
    return np.eye(3), size


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _stretch(x: float, y: float) -> Matrix:
    return np.diag([x, y, 1.0])


def even(number: float) -> int:
    """The nearest even number of pixels, at least two."""
    return max(2, 2 * round(number / 2))


def resize(picture: Picture, size: Size) -> Picture:
    """The picture at `size` without aliasing."""
    shrinks = size[0] < picture.shape[1]
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=interpolation), np.uint8)


def _random(values: Values, second: float = 0.0) -> np.random.Generator:
    return np.random.default_rng((int(values["seed"]), round(second * 1000)))


# --- scale ----------------------------------------------------------------------------------------------------------


def _scaled(values: Values, size: Size) -> Size:
    factor = values["short_side"] / min(size)
    return even(size[0] * factor), even(size[1] * factor)


def _draw_scale(picture: Picture, values: Values, _second: float) -> Picture:
    return resize(picture, _scaled(values, (picture.shape[1], picture.shape[0])))


def _move_scale(values: Values, size: Size) -> tuple[Matrix, Size]:
    after = _scaled(values, size)
    return _stretch(after[0] / size[0], after[1] / size[1]), after


# --- crop -----------------------------------------------------------------------------------------------------------


def _crop_region(values: Values, size: Size) -> tuple[int, int, int, int]:
    width, height = even(size[0] * values["width"]), even(size[1] * values["height"])
    left = round((size[0] - width) * values["left"])
    top = round((size[1] - height) * values["top"])
    return left, top, min(width, size[0]), min(height, size[1])


def _draw_crop(picture: Picture, values: Values, _second: float) -> Picture:
    left, top, width, height = _crop_region(values, (picture.shape[1], picture.shape[0]))
    return picture[top : top + height, left : left + width]


def _move_crop(values: Values, size: Size) -> tuple[Matrix, Size]:
    left, top, width, height = _crop_region(values, size)
    return _shift(-left, -top), (width, height)


# --- mirror ---------------------------------------------------------------------------------------------------------


def _draw_mirror(picture: Picture, _values: Values, _second: float) -> Picture:
    return picture[:, ::-1]


def _move_mirror(_values: Values, size: Size) -> tuple[Matrix, Size]:
    return _shift(size[0], 0) @ _stretch(-1, 1), size


# --- caption --------------------------------------------------------------------------------------------------------

_WORDS = ("WATCH", "THIS", "BEFORE", "IT", "IS", "GONE", "breaking", "news", "today", "street", "people", "wow", "live")


def _draw_text(picture: Picture, text: str, left: int, top: int, height: int) -> None:
    scale = height / 30
    weight = max(1, round(scale * 2))
    place = (left, top + height)
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), weight * 3, cv2.LINE_AA)
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (250, 250, 250), weight, cv2.LINE_AA)


def _draw_face(picture: Picture, centre: tuple[int, int], radius: int) -> None:
    cv2.circle(picture, centre, radius, (60, 205, 250), -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (centre[0] + side * radius // 3, centre[1] - radius // 4)
        cv2.circle(picture, eye, max(1, radius // 7), (20, 40, 70), -1, cv2.LINE_AA)
    cv2.ellipse(picture, centre, (radius // 2, radius // 2), 0, 20, 160, (20, 40, 70), max(1, radius // 10))


def _draw_bar(picture: Picture, rng: np.random.Generator, top: int, height: int) -> None:
    colour = [int(c) for c in rng.integers(0, 256, 3)]
    picture[top : top + height] = colour
    size = max(10, height // 4)
    for row in range(max(1, height // (size * 2))):
        words = " ".join(rng.choice(_WORDS, 4))
        _draw_text(picture, words, 8, top + 6 + row * size * 2, size)


def _draw_caption(picture: Picture, values: Values, _second: float) -> Picture:
    out = picture.copy()
    height, width = out.shape[:2]
    rng = _random(values)
    top, bottom = round(height * values["top_bar"]), round(height * values["bottom_bar"])
    if top > 4:
        _draw_bar(out, rng, 0, top)
    if bottom > 4:
        _draw_bar(out, rng, height - bottom, bottom)
    logo = round(width * values["logo"])
    if logo > 4:
        cv2.rectangle(out, (width - logo - 6, top + 6), (width - 6, top + 6 + logo // 2), (180, 30, 30), -1)
        _draw_text(out, "24/7", width - logo, top + 6 + logo // 8, logo // 4)
    for _ in range(int(values["faces"])):
        radius = round(min(width, height) * rng.uniform(0.05, 0.1))
        _draw_face(out, (int(rng.integers(radius, width - radius)), int(rng.integers(radius, height - radius))), radius)
    return out


# --- grade ----------------------------------------------------------------------------------------------------------


def _draw_grade(picture: Picture, values: Values, second: float) -> Picture:
    levels = np.linspace(0, 1, 256)[:, None] ** values["gamma"]
    tint = np.array([values["blue"], 1.0, values["red"]])
    table = np.clip((levels - 0.5) * values["contrast"] + 0.5, 0, 1) * tint * 255
    curve = np.clip(table, 0, 255).astype(np.uint8).reshape(1, 256, 3)
    graded = cv2.LUT(picture, curve)
    grey = cv2.cvtColor(cv2.cvtColor(graded, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    share = values["saturation"]
    mixed = cv2.addWeighted(graded, share, grey, 1 - share, 0)
    return _add_noise(np.asarray(mixed, np.uint8), values["noise"], _random(values, second))


def _add_noise(picture: Picture, sigma: float, rng: np.random.Generator) -> Picture:
    if sigma <= 0:
        return picture
    # One field at half size, shifted at random: as rough as sensor noise, a quarter of its cost.
    field = rng.standard_normal((picture.shape[0] // 2 + 1, picture.shape[1] // 2 + 1), np.float32) * sigma
    wide = cv2.resize(field, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(picture + wide[..., None], 0, 255), np.uint8)


# --- rotation -------------------------------------------------------------------------------------------------------


def _draw_rotate(picture: Picture, values: Values, _second: float) -> Picture:
    size = (picture.shape[1], picture.shape[0])
    matrix, _ = _move_rotate(values, size)
    return np.asarray(cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def _move_rotate(values: Values, size: Size) -> tuple[Matrix, Size]:
    angle = math.radians(values["degrees"])
    cos, sin = math.cos(angle) * values["zoom"], math.sin(angle) * values["zoom"]
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return _shift(size[0] / 2, size[1] / 2) @ turn @ _shift(-size[0] / 2, -size[1] / 2), size


def _draw_turn(picture: Picture, values: Values, _second: float) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, -int(values["quarters"])))


def _move_turn(values: Values, size: Size) -> tuple[Matrix, Size]:
    width, height = size
    matrix = np.eye(3)
    for _ in range(int(values["quarters"]) % 4):
        matrix = np.array([[0.0, -1.0, height], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]) @ matrix
        width, height = height, width
    return matrix, (width, height)


# --- filmed off a screen --------------------------------------------------------------------------------------------


def _move_screen(values: Values, size: Size) -> tuple[Matrix, Size]:
    width, height = size
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inset = _random(values).uniform(values["inset"] * 0.3, values["inset"], (4, 2)).astype(np.float32)
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    after = before + signs * inset * np.array([width, height], np.float32)
    return cv2.getPerspectiveTransform(before, after.astype(np.float32)).astype(np.float64), size


def _draw_screen(picture: Picture, values: Values, second: float) -> Picture:
    height, width = picture.shape[:2]
    matrix, size = _move_screen(values, (width, height))
    shake = values["shake"] * width
    sway = _shift(shake * math.sin(second * 5.1), shake * math.sin(second * 3.7 + 1))
    filmed = cv2.warpPerspective(
        picture, sway @ matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(28, 26, 30)
    )
    blurred = cv2.GaussianBlur(filmed, (0, 0), values["blur"]).astype(np.float32)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moire = 1 + values["moire"] * np.sin(x * values["moire_x"] + y * values["moire_y"] + second * 4)
    flicker = 1 + values["flicker"] * math.sin(second * 37)
    lit = np.clip(blurred * (moire * flicker)[..., None], 0, 255).astype(np.uint8)
    return _add_noise(lit, values["noise"], _random(values, second))


# --- portrait -------------------------------------------------------------------------------------------------------


def _portrait_size(size: Size) -> Size:
    height = max(size)
    return even(height * 9 / 16), even(height)


def _move_portrait(values: Values, size: Size) -> tuple[Matrix, Size]:
    after = _portrait_size(size)
    factor = min(after[0] * values["zoom"] / size[0], after[1] / size[1])
    if size[0] / size[1] < 0.7:  # a portrait clip would fill the frame: it is made to stand in it
        factor *= 0.72
    left = (after[0] - size[0] * factor) / 2
    top = (after[1] - size[1] * factor) * values["top"]
    return _shift(left, top) @ _stretch(factor, factor), after


def _draw_portrait(picture: Picture, values: Values, _second: float) -> Picture:
    before = (picture.shape[1], picture.shape[0])
    matrix, after = _move_portrait(values, before)
    if values["blurred"]:
        small = cv2.GaussianBlur(cover(picture, (after[0] // 8, after[1] // 8)), (0, 0), 3)
        ground = np.asarray(resize(np.asarray(small, np.uint8), after) * 0.7, np.uint8)
    else:
        ground = np.full((after[1], after[0], 3), int(values["shade"]), np.uint8)
    factor, left, top = matrix[0, 0], matrix[0, 2], matrix[1, 2]
    front = resize(picture, (max(1, round(before[0] * factor)), max(1, round(before[1] * factor))))
    return paste(ground, front, round(left), round(top))


# --- slow zoom and fades --------------------------------------------------------------------------------------------


def _zoom_matrix(values: Values, size: Size, share: float) -> Matrix:
    factor = 1 + (values["most"] - 1) * min(1.0, max(0.0, share))
    return _shift(size[0] / 2, size[1] / 2) @ _stretch(factor, factor) @ _shift(-size[0] / 2, -size[1] / 2)


def _draw_zoom(picture: Picture, values: Values, second: float) -> Picture:
    size = (picture.shape[1], picture.shape[0])
    matrix = _zoom_matrix(values, size, (second - values["start"]) / values["seconds"])
    return np.asarray(cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def _move_zoom(values: Values, size: Size) -> tuple[Matrix, Size]:
    """As it stands in the middle of the stretch."""
    return _zoom_matrix(values, size, 0.5), size


def _draw_fade(picture: Picture, values: Values, second: float) -> Picture:
    """From black at the start and to black at the end of a stretch."""
    inside = min(second - values["start"], values["start"] + values["seconds"] - second)
    level = min(1.0, max(0.0, inside / values["fade"]))
    return np.asarray(picture * level, np.uint8)


# --- placing --------------------------------------------------------------------------------------------------------


def place_matrix(size: Size, canvas: Size, box: tuple[float, float, float, float], fit: str) -> Matrix:
    """The matrix that `place` applies."""
    left, top, width, height = box[0] * canvas[0], box[1] * canvas[1], box[2] * canvas[0], box[3] * canvas[1]
    choose = max if fit == "cover" else min
    factor = choose(width / size[0], height / size[1])
    x = left + (width - size[0] * factor) / 2
    y = top + (height - size[1] * factor) / 2
    return _shift(x, y) @ _stretch(factor, factor)


def place(canvas: Picture, picture: Picture, box: tuple[float, float, float, float], fit: str) -> Picture:
    """The canvas with the picture in the box: filling it (`cover`, the rest cut off) or whole within it (`contain`)."""
    height, width = canvas.shape[:2]
    left, top = round(box[0] * width), round(box[1] * height)
    size = (round((box[0] + box[2]) * width) - left, round((box[1] + box[3]) * height) - top)
    if fit == "cover":
        return paste(canvas, cover(picture, size), left, top)
    factor = min(size[0] / picture.shape[1], size[1] / picture.shape[0])
    inner = resize(picture, (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))))
    x = left + (size[0] - inner.shape[1]) // 2
    y = top + (size[1] - inner.shape[0]) // 2
    return paste(canvas, inner, x, y)


def cover(picture: Picture, size: Size) -> Picture:
    """The middle of the picture, scaled so that it fills `size`."""
    factor = max(size[0] / picture.shape[1], size[1] / picture.shape[0])
    wide = (max(size[0], round(picture.shape[1] * factor)), max(size[1], round(picture.shape[0] * factor)))
    large = resize(picture, wide)
    left, top = (wide[0] - size[0]) // 2, (wide[1] - size[1]) // 2
    return large[top : top + size[1], left : left + size[0]]


def paste(canvas: Picture, picture: Picture, left: int, top: int) -> Picture:
    """The canvas with the picture at a place, cut off at the canvas's edges."""
    out = canvas.copy()
    height, width = canvas.shape[:2]
    x, y = max(0, left), max(0, top)
    right, bottom = min(width, left + picture.shape[1]), min(height, top + picture.shape[0])
    out[y:bottom, x:right] = picture[y - top : bottom - top, x - left : right - left]
    return out


EFFECTS: Mapping[str, Effect] = {
    "scale": Effect(_draw_scale, _move_scale),
    "crop": Effect(_draw_crop, _move_crop),
    "mirror": Effect(_draw_mirror, _move_mirror),
    "caption": Effect(_draw_caption, _stay),
    "grade": Effect(_draw_grade, _stay),
    "rotate": Effect(_draw_rotate, _move_rotate),
    "turn": Effect(_draw_turn, _move_turn),
    "screen": Effect(_draw_screen, _move_screen),
    "portrait": Effect(_draw_portrait, _move_portrait),
    "zoom": Effect(_draw_zoom, _move_zoom),
    "fade": Effect(_draw_fade, _stay),
}
