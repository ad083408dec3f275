"""Changes of pictures: drawn at random to make an archive large, and named ones to ask with.

All take and give RGB pictures (uint8, shape (height, width, 3)). A drawn change is one and the same for all pictures of
a clip, as an edit of a video is.
"""

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.scale.footage import Picture

type Change = Callable[[Picture], Picture]
type Draw = Callable[[np.random.Generator], Change]

_WORKING_SIDE = 320


def _picture(made: object) -> Picture:
    return np.ascontiguousarray(np.asarray(made, np.uint8))


def _resized(picture: Picture, width: int, height: int) -> Picture:
    return _picture(cv2.resize(picture, (max(2, width), max(2, height)), interpolation=cv2.INTER_AREA))


def cropped(random: np.random.Generator, share: float) -> Change:
    """Keep a window of `share` of the area, anywhere."""
    left, top = random.random(2) * (1 - share**0.5)

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        y, x = int(top * height), int(left * width)
        return _picture(picture[y : y + max(2, int(height * share**0.5)), x : x + max(2, int(width * share**0.5))])

    return change


def turned(degrees: float) -> Change:
    """Turn about the middle; corners stay black."""

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return _picture(cv2.warpAffine(picture, matrix, (width, height)))

    return change


def quarter(picture: Picture) -> Picture:
    """Turn by 90 degrees."""
    return _picture(np.rot90(picture))


def mirrored(picture: Picture) -> Picture:
    """Left for right."""
    return _picture(picture[:, ::-1])


def graded(random: np.random.Generator) -> Change:
    """Another gamma, saturation and colour cast."""
    gamma, saturation = random.uniform(0.55, 1.8), random.uniform(0.0, 1.6)
    cast = random.uniform(0.85, 1.15, 3)

    def change(picture: Picture) -> Picture:
        light = (picture / 255.0) ** gamma
        grey = light.mean(axis=2, keepdims=True)
        return _picture(np.clip((grey + saturation * (light - grey)) * cast * 255, 0, 255))

    return change


def captioned(random: np.random.Generator) -> Change:
    """A bar with words across the bottom and a mark in a corner."""
    bar, shade = random.uniform(0.12, 0.24), random.integers(0, 256, 3).tolist()
    words = "".join(random.choice(list("ABCDEFGHIJKLMNOP RSTU"), 14).tolist())

    def change(picture: Picture) -> Picture:
        made = picture.copy()
        height, width = made.shape[:2]
        made[int(height * (1 - bar)) :] = shade
        ink = [255 - value for value in shade]
        cv2.putText(made, words, (4, int(height * (1 - bar / 3))), cv2.FONT_HERSHEY_SIMPLEX, width / 400, ink, 2)
        cv2.circle(made, (int(width * 0.9), int(height * 0.1)), max(3, width // 20), ink, -1)
        return _picture(made)

    return change


def coded(height: int, quality: int) -> Change:
    """Shrunk to so many lines and coded as JPEG."""

    def change(picture: Picture) -> Picture:
        small = _resized(picture, round(picture.shape[1] * height / picture.shape[0]), height)
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return _picture(cv2.imdecode(data, cv2.IMREAD_COLOR))

    return change


def blurred(random: np.random.Generator) -> Change:
    """Out of focus."""
    sigma = random.uniform(0.8, 2.5)
    return lambda picture: _picture(cv2.GaussianBlur(picture, (0, 0), sigma))


def filmed(random: np.random.Generator) -> Change:
    """A screen, photographed: perspective, a dark surround, moire, noise."""
    corners = random.uniform(0.02, 0.14, (4, 2))
    seed = int(random.integers(1 << 30))

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        inside = np.where(square == 0, corners, 1 - corners).astype(np.float32)
        size = np.array([width, height], np.float32)
        made = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(square * size, inside * size), (width, height))
        wave = 12 * np.sin(np.arange(width) * 1.3)[None, :, None] * np.sin(np.arange(height) * 1.1)[:, None, None]
        noise = np.random.default_rng(seed).normal(0, 6, made.shape)
        return _picture(np.clip(made * 0.9 + 12 + wave + noise, 0, 255))

    return change


def filled(picture: Picture) -> Picture:
    """Upright 9:16 with a blurred fill above and below."""
    width = picture.shape[1]
    tall = _picture(cv2.GaussianBlur(_resized(picture, width, width * 16 // 9), (0, 0), width / 20))
    top = max(0, (tall.shape[0] - picture.shape[0]) // 2)
    tall[top : top + picture.shape[0]] = picture[: tall.shape[0] - top]
    return tall


def beside(other: Picture, *, stacked: bool, share: float) -> Change:
    """Joined with a picture of another clip, side by side or one above the other."""

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        if stacked:
            kept = _resized(picture, width, round(height * share))
            return _picture(np.vstack([kept, _resized(other, width, max(2, height - kept.shape[0]))]))
        kept = _resized(picture, round(width * share), height)
        return _picture(np.hstack([kept, _resized(other, max(2, width - kept.shape[1]), height)]))

    return change


def inset(other: Picture, random: np.random.Generator, side: float) -> Change:
    """Shown small, anywhere inside a picture of another clip."""
    left, top = random.random(2) * (1 - side)

    def change(picture: Picture) -> Picture:
        made = other.copy()
        height, width = made.shape[:2]
        small = _resized(picture, round(width * side), round(height * side))
        y, x = int(top * height), int(left * width)
        made[y : y + small.shape[0], x : x + small.shape[1]] = small[: height - y, : width - x]
        return _picture(made)

    return change


def shrunk(picture: Picture) -> Picture:
    """At most 320 pixels a side: enough for a network that looks at 224."""
    scale = min(1.0, _WORKING_SIDE / max(picture.shape[:2]))
    return _resized(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale)) if scale < 1 else picture


def drawn(random: np.random.Generator, other: Picture) -> Change:
    """A change such as makes one more clip of an archive out of one that is there.

    In this order, each by chance: a window of 8 to 100 % of the area, a join with `other` (3 in 10), mirror, turns,
    another grade, a caption, blur, and always a coding at 120 to 300 lines.
    """
    share = float(random.uniform(0.08, 1.0))
    steps: list[Change] = [cropped(random, share)] if share < 0.9 else []
    steps.append(shrunk)
    chance = random.random(7)
    if chance[0] < 0.15:
        steps.append(beside(other, stacked=bool(random.random() < 0.5), share=float(random.uniform(0.35, 0.65))))
    elif chance[0] < 0.3:
        steps.append(inset(other, random, float(random.uniform(0.3, 0.6))))
    steps += [mirrored] if chance[1] < 0.5 else []
    steps += [quarter] if chance[2] < 0.05 else [turned(float(random.uniform(-15, 15)))] if chance[2] < 0.25 else []
    steps += [graded(random)] if chance[3] < 0.5 else []
    steps += [captioned(random)] if chance[4] < 0.3 else []
    steps += [blurred(random)] if chance[5] < 0.2 else []
    steps.append(coded(int(random.integers(120, 300)), int(random.integers(20, 90))))
    return chained(steps)


def chained(steps: list[Change]) -> Change:
    """One change after the other."""

    def change(picture: Picture) -> Picture:
        for step in steps:
            picture = step(picture)
        return picture

    return change


EDITS: dict[str, Draw] = {
    "240p": lambda _: coded(240, 30),
    "144p": lambda _: coded(144, 20),
    "crop 60 %": lambda random: cropped(random, 0.6),
    "crop 25 %": lambda random: cropped(random, 0.25),
    "caption": lambda random: chained([captioned(random), coded(240, 40)]),
    "grade": lambda random: chained([graded(random), coded(240, 40)]),
    "turn 15": lambda random: chained([turned(float(random.choice([-15, 15]))), coded(240, 40)]),
    "screen photo": lambda random: chained([filmed(random), coded(240, 50)]),
    "9:16 fill": lambda _: chained([filled, coded(360, 50)]),
    "mirror, crop, caption": lambda random: chained(
        [mirrored, cropped(random, 0.6), captioned(random), coded(240, 30)]
    ),
}
"""Edits of the whole picture that the archive is asked with; insets are made apart, since they need another clip."""
