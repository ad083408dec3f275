"""Clips drawn in code from their names: end cards, title cards, logos, test bars, countdowns, frozen scenes, black.

`drawn/SORT-NUMBER` is one clip, the same wherever it is used: a shared end card is the same clip in many plans. What
their numbers choose comes from a generator seeded by the name.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.edits import Picture
from benchmarks.recall.footage import SOUND_RATE, Stretch

type _Draw = Callable[[np.random.Generator, float], Picture]
type Samples = npt.NDArray[np.float32]

PREFIX = "drawn/"
WIDTH, HEIGHT, FPS = 640, 360, 30
_WORDS = ("HARBOUR", "COUNCIL", "MARKET", "WINTER", "BRIDGE", "STATION", "NORTH", "RIVER", "VALLEY", "GARDEN", "TOWER")


@dataclass(frozen=True, slots=True)
class Sort:
    """How a sort of drawn clip looks at a second, whether it moves, and whether it has a jingle."""

    draw: _Draw
    moves: bool = False
    jingle: bool = False


@dataclass(frozen=True, slots=True)
class DrawnClip:
    """A drawn clip: its name, sort and length in seconds."""

    name: str
    sort: Sort
    seconds: float


def is_drawn(name: str) -> bool:
    """Whether a clip of this name is drawn rather than read."""
    return name.startswith(PREFIX)


def drawn(name: str) -> DrawnClip:
    """The clip that the name stands for.

    Raises:
        KeyError: there is no such sort.
    """
    sort = SORTS[name.removeprefix(PREFIX).split("-")[0]]
    return DrawnClip(name, sort, round(float(_generator(name, "length").uniform(3.0, 5.0)), 2))


def drawn_stretch(name: str, start: float, end: float) -> Stretch:
    """Its pictures from just before `start` to just after `end`."""
    clip = drawn(name)
    last = round(clip.seconds * FPS)
    first, after = max(0, int(start * FPS) - 1), min(last, int(end * FPS) + 2)
    numbers = range(min(first, last - 1), max(after, first + 1)) if clip.sort.moves else range(1)
    return Stretch(np.array(numbers) / FPS, tuple(clip.sort.draw(_generator(name), number / FPS) for number in numbers))


def drawn_sound(name: str) -> Samples:
    """Its sound, mono at `SOUND_RATE`; empty where it has none.

    A jingle is a melody of eight plucked notes with a bass, its own for each name.
    """
    clip = drawn(name)
    if not clip.sort.jingle:
        return np.zeros(0, np.float32)
    rng = _generator(name, "jingle")
    out = np.zeros(round(clip.seconds * SOUND_RATE))
    steps = rng.choice((0, 2, 4, 5, 7, 9, 11, 12, 14, 16), 8)
    for number, step in enumerate(steps):
        at = round(number * clip.seconds / 8.5 * SOUND_RATE)
        for pitch, level in ((392.0, 0.16), (98.0, 0.1)):
            if pitch > 100 or number % 2 == 0:
                note = _plucked(pitch * 2 ** (step / 12), 1.2)
                room = out[at : at + len(note)]
                room += level * note[: len(room)]
    return out.astype(np.float32)


def _plucked(pitch: float, seconds: float) -> npt.NDArray[np.float64]:
    time = np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE
    tones = sum(np.sin(2 * np.pi * pitch * partial * time) / partial for partial in range(1, 6))
    return np.asarray(tones * np.exp(-3.5 * time) * np.minimum(1, time / 0.005), np.float64)


def _generator(name: str, about: str = "picture") -> np.random.Generator:
    return np.random.default_rng(int(hashlib.sha256(f"{name}:{about}".encode()).hexdigest()[:12], 16))


# --- pictures -------------------------------------------------------------------------------------------------------


def _ground(rng: np.random.Generator) -> Picture:
    """A slope between two colours."""
    low, high = rng.integers(20, 120, 3), rng.integers(90, 230, 3)
    share = np.linspace(0, 1, WIDTH)[None, :, None] * np.ones((HEIGHT, 1, 1))
    return np.asarray(low + (high - low) * share, np.uint8)


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    blue, green, red = rng.integers(60, 256, 3).tolist()
    return blue, green, red


def _mark(picture: Picture, rng: np.random.Generator, centre: tuple[int, int], size: float) -> None:
    """A logo: a ring, a polygon in it and a bar through both."""
    outer, inner, bar = _colour(rng), _colour(rng), _colour(rng)
    corners = int(rng.integers(3, 7))
    turn = rng.uniform(0, 6.3)
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * 0.6 * size + centre
    cv2.circle(picture, centre, max(1, round(size)), outer, max(1, round(size / 5)), cv2.LINE_AA)
    cv2.fillPoly(picture, [points.astype(np.int32)], inner, cv2.LINE_AA)
    ends = (round(centre[0] - size * 1.3), round(centre[1] + size * 0.2)), (round(centre[0] + size * 1.3), centre[1])
    cv2.line(picture, *ends, bar, max(1, round(size / 8)), cv2.LINE_AA)


def _write(picture: Picture, text: str, place: tuple[int, int], scale: float) -> None:
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_DUPLEX, scale, (245, 245, 245), 2, cv2.LINE_AA)


def _end_card(rng: np.random.Generator, second: float) -> Picture:
    """A mark that grows and words that slide in, then a button that pulses."""
    picture = _ground(rng)
    grown = min(1.0, second / 0.9)
    words = " ".join(rng.choice(_WORDS, 2))
    _mark(picture, rng, (200, 160), 10 + 80 * (1 - (1 - grown) ** 2))
    _write(picture, words, (round(650 - 330 * min(1.0, second / 1.4)), 150), 0.9)
    pulse = round(8 * np.sin(second * 4.4))
    cv2.rectangle(picture, (330 - pulse, 210 - pulse), (560 + pulse, 260 + pulse), (40, 40, 200), -1)
    _write(picture, "SUBSCRIBE", (350, 245), 1.0)
    return picture


def _still_card(rng: np.random.Generator, _second: float) -> Picture:
    return _end_card(rng, 3.0)


def _title(rng: np.random.Generator, _second: float) -> Picture:
    """Words of its own on the one template that all title cards share."""
    picture = _ground(np.random.default_rng(7))
    cv2.rectangle(picture, (0, 250), (WIDTH, 330), (90, 30, 30), -1)
    cv2.rectangle(picture, (0, 244), (WIDTH, 250), (60, 200, 240), -1)
    _write(picture, " ".join(rng.choice(_WORDS, 3)), (40, 160), 1.0)
    _write(picture, " ".join(rng.choice(_WORDS, 4)).lower(), (40, 300), 0.7)
    return picture


def _black(_rng: np.random.Generator, _second: float) -> Picture:
    return np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def _logo(rng: np.random.Generator, _second: float) -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), int(rng.integers(225, 256)), np.uint8)
    _mark(picture, rng, (WIDTH // 2, HEIGHT // 2), 70)
    return picture


def _bars(_rng: np.random.Generator, _second: float) -> Picture:
    """Seven bars over a strip of greys, as test cards have them."""
    levels = [(191, 191, 191), (0, 191, 191), (191, 191, 0), (0, 191, 0), (191, 0, 191), (0, 0, 191), (191, 0, 0)]
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for number, colour in enumerate(levels):
        picture[:, number * WIDTH // 7 : (number + 1) * WIDTH // 7] = colour
    picture[HEIGHT * 3 // 4 :] = (np.arange(WIDTH) * 255 // WIDTH // 32 * 32)[None, :, None]
    return picture


def _frozen(rng: np.random.Generator, _second: float) -> Picture:
    """A scene that stands still: ground, houses with windows, and the grain of a camera."""
    picture = _ground(rng)
    picture[round(rng.uniform(0.6, 0.8) * HEIGHT) :] = rng.integers(40, 140, 3)
    for _ in range(int(rng.integers(4, 8))):
        left, top = int(rng.integers(0, WIDTH - 80)), int(rng.integers(60, 220))
        right = left + int(rng.integers(60, 180))
        cv2.rectangle(picture, (left, top), (right, 300), _colour(rng), -1)
        for x in range(left + 8, right - 16, 22):
            for y in range(top + 8, 280, 28):
                cv2.rectangle(picture, (x, y), (x + 11, y + 15), _colour(rng), -1)
    grain = rng.normal(0, 6, picture.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 1.0) + grain, 0, 255), np.uint8)


def _countdown(rng: np.random.Generator, second: float) -> Picture:
    """Numerals in a ring whose hand goes round once a second."""
    picture = np.full((HEIGHT, WIDTH, 3), rng.integers(20, 235, 3), np.uint8)
    centre = (int(rng.integers(220, 420)), int(rng.integers(150, 210)))
    radius, colour = int(rng.integers(80, 140)), _colour(rng)
    cv2.circle(picture, centre, radius, colour, 4, cv2.LINE_AA)
    angle = 2 * np.pi * (second % 1.0) - np.pi / 2
    tip = (round(centre[0] + radius * np.cos(angle)), round(centre[1] + radius * np.sin(angle)))
    cv2.line(picture, centre, tip, colour, 3, cv2.LINE_AA)
    _write(picture, str(5 - int(second)), (centre[0] - 30, centre[1] + 30), 3.0)
    return picture


SORTS: Mapping[str, Sort] = {
    "endcard": Sort(_end_card, moves=True, jingle=True),
    "stillcard": Sort(_still_card, jingle=True),
    "title": Sort(_title),
    "black": Sort(_black),
    "logo": Sort(_logo),
    "bars": Sort(_bars),
    "frozen": Sort(_frozen),
    "countdown": Sort(_countdown, moves=True),
}
