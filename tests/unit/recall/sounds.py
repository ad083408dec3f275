"""Sounds made from a seed."""

import numpy as np
import numpy.typing as npt

from firsthand.media.observer import HERTZ
from firsthand.recall.landmarks import Landmarks

type Sound = npt.NDArray[np.float32]


def melody(seed: int, seconds: float, hertz: int = HERTZ) -> Sound:
    """Notes with overtones that begin and fade at random, over a little noise; no two seeds are alike."""
    random = np.random.default_rng(seed)
    times = np.arange(round(seconds * hertz)) / hertz
    sound = 0.002 * random.standard_normal(len(times))
    start = 0.0
    while start < seconds:
        pitch, length = float(random.uniform(180, 900)), float(random.uniform(0.08, 0.4))
        inside = slice(round(start * hertz), round(min(seconds, start + length) * hertz))
        own = times[inside] - start
        for overtone in range(1, 5):
            glide = pitch * overtone * (1 + float(random.uniform(-0.15, 0.15)) * own)
            sound[inside] += 0.2 / overtone * np.sin(2 * np.pi * glide * own) * np.exp(-6 * own)
        start += float(random.uniform(0.04, 0.2))
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def white(seed: int, seconds: float, level: float = 0.1) -> Sound:
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * HERTZ))).astype(np.float32)


def faster(sound: Sound, rate: float) -> Sound:
    places = np.arange(int(len(sound) / rate)) * rate
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


def heard(sound: Sound, block: int = 4_000) -> Landmarks:
    landmarks = Landmarks()
    for start in range(0, len(sound), block):
        landmarks.sound(sound[start : start + block])
    landmarks.close()
    return landmarks
