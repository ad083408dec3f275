"""Edited cuts of clips whose truth is known, asked of an archive that holds their sources and others."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.recall.clips import Clip
from benchmarks.recall.footage import read_sound
from benchmarks.sound_desk import SoundDesk, write_wav
from benchmarks.sound_edits import EDITS, RATE
from firsthand.recall.segments import Found

NEAR_SECONDS = 0.5
LOUD_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: its edit, its seconds, the clip that it was cut from and where; and what was found."""

    edit: str
    seconds: float
    clip: str
    start: float
    tempo: float
    found: tuple[Found, ...]

    def error(self, found: Found) -> float:
        """Seconds between where the middle of the query lies and where a segment puts it."""
        middle, segment = self.seconds / 2, found.segment
        said = float(segment.archive.start) + (segment.rate or 1.0) * (middle - float(segment.query.start))
        return said - (self.start + self.tempo * middle)


def sounding(clips: Sequence[Clip], seconds: float) -> list[Clip]:
    """The clips that are loud for most of their length and long enough."""
    return [clip for clip in clips if clip.seconds >= seconds and clip.loud_seconds >= LOUD_SHARE * clip.seconds]


def asked(
    desk: SoundDesk, clips: Sequence[Clip], folder: Path, work: Path, *, lengths: Sequence[float], seed: int, most: int
) -> Iterator[Asked]:
    """One cut of each of `most` groups of clips, drawn anew for each edit and length."""
    for seconds in lengths:
        fit = sounding(clips, seconds * 1.07 + 0.1)
        for edit, made in EDITS.items():
            rng = random.Random(f"{seed}/{edit}/{seconds}")  # noqa: S311 - repeatable, not secret
            noise = np.random.default_rng(rng.randrange(1 << 30))
            groups = sorted({clip.group for clip in fit})
            for group in rng.sample(groups, min(most, len(groups))):
                clip = rng.choice([clip for clip in fit if clip.group == group])
                sound = read_sound(folder / clip.name)
                long = round(seconds * made.tempo * RATE)
                start = rng.randrange(max(1, len(sound) - long - 1))
                query = made.make(sound[start : start + long + 1], noise)[: round(seconds * RATE)]
                answer = desk.ask(write_wav(work / "query.wav", query))
                yield Asked(edit, seconds, clip.name, start / RATE, made.tempo, answer.found)
