"""The part of a search by sound that reads sound tracks: what runs in a sandboxed child."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from firsthand.media.observer import HERTZ, Samples
from firsthand.media.sound_stretch import read_stretch
from firsthand.recall.sound_agree import Course, Sounding, Stretch, agree
from firsthand.recall.sound_lines import SoundLine

_AROUND_SECONDS = 6.0
"""How far beyond what led to a line its ends are looked for."""
_PIECE_SECONDS = 60.0
_BLOCK_SECONDS = 20.0
_SURE_SPECTRUM = 0.3
_NEAR_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """A file of sound, and the seconds it lasts at most."""

    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class SoundVerifyRequest:
    """The lines to verify and the tracks they need, `items` by key."""

    query: SoundTrack
    items: dict[int, SoundTrack]
    lines: tuple[SoundLine, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A stretch of the query that agrees with the item along a course."""

    course: Course
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class SoundVerdicts:
    """One entry a line: what agrees on it, in order of time; nothing where it was explained by a stronger one."""

    agreed: tuple[tuple[Agreed, ...], ...]


def verify_sound(request: SoundVerifyRequest, report: Callable[[float], None]) -> SoundVerdicts:
    """Verify each line, strongest first."""
    agreed: list[tuple[Agreed, ...]] = []
    for number, line in enumerate(request.lines):
        known = [
            (other, one)
            for other, every in zip(request.lines, agreed, strict=False)
            for one in every
            if other.key == line.key
        ]
        explained = any(_explains(one, other, line) for other, one in known)
        agreed.append(() if explained else _agreed(request, line))
        report((number + 1) / len(request.lines))
    return SoundVerdicts(tuple(agreed))


def _explains(one: Agreed, other: SoundLine, line: SoundLine) -> bool:
    """Whether what is verified makes a weaker line needless: the same course, or far better on the same stretch."""
    inside = (line.times >= one.stretch.start - _NEAR_SECONDS) & (line.times <= one.stretch.end + _NEAR_SECONDS)
    if inside.mean() < 0.8 or one.stretch.spectrum < _SURE_SPECTRUM:
        return False
    near = np.abs(line.archived - one.course.offset - one.course.tempo * line.times) < _NEAR_SECONDS
    return bool(near.mean() > 0.5) or 3 * line.landmarks < other.landmarks


def _agreed(request: SoundVerifyRequest, line: SoundLine) -> tuple[Agreed, ...]:
    """What agrees on one line, long ones piece by piece."""
    first, last = float(line.times[0]), float(line.times[-1])
    pieces = max(1, round((last - first) / _PIECE_SECONDS))
    borders = np.linspace(first - 0.1, last + 0.1, pieces + 1)
    found: list[Agreed] = []
    for low, high in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        inside = (line.times >= low) & (line.times <= high)
        if inside.sum() >= 3:
            course = Course(
                line.speed, line.tempo, float(np.median(line.archived[inside] - line.tempo * line.times[inside]))
            )
            found.extend(_of_piece(request, line.key, course, (low, high)))
    return _joined(found)


def _of_piece(request: SoundVerifyRequest, key: int, course: Course, support: tuple[float, float]) -> list[Agreed]:
    start = max(0.0, support[0] - _AROUND_SECONDS)
    end = min(request.query.seconds, support[1] + _AROUND_SECONDS)
    item = request.items[key]
    there = max(0.0, course.at(start) - 0.5), min(item.seconds, course.at(end) + 0.5)
    if end <= start or there[1] <= there[0]:
        return []
    query = Sounding(start, _read(request.query.path, start, end))
    archive = Sounding(there[0], _read(item.path, *there))
    refined, stretches = agree(query, archive, course, support)
    return [Agreed(refined, stretch) for stretch in stretches]


def _read(path: Path, start: float, end: float) -> Samples:
    """The samples in `[start, end)` seconds, from blocks that are kept, since several lines need the same ones."""
    first, last = int(start // _BLOCK_SECONDS), int(max(start, end - 1e-6) // _BLOCK_SECONDS)
    blocks = np.concatenate([_block(path, number) for number in range(first, last + 1)])
    skipped = round((start - first * _BLOCK_SECONDS) * HERTZ)
    return blocks[skipped : skipped + round((end - start) * HERTZ)]


@lru_cache(maxsize=64)
def _block(path: Path, number: int) -> Samples:
    return read_stretch(path, number * _BLOCK_SECONDS, (number + 1) * _BLOCK_SECONDS)


def _joined(found: list[Agreed]) -> tuple[Agreed, ...]:
    """Neighbouring pieces of one course as one; what two pieces both found, once."""
    joined: list[Agreed] = []
    for one in sorted(found, key=lambda agreed: agreed.stretch.start):
        last = joined[-1] if joined else None
        if last is None or not _goes_on(last, one):
            joined.append(one)
            continue
        if one.stretch.end <= last.stretch.end:
            continue
        begin, end = last.course.at(last.stretch.start), one.course.at(one.stretch.end)
        tempo = (end - begin) / (one.stretch.end - last.stretch.start)
        speed = tempo if last.course.linked else last.course.speed
        share = (last.stretch.end - last.stretch.start) / (one.stretch.end - last.stretch.start)
        stretch = Stretch(
            last.stretch.start,
            one.stretch.end,
            share * last.stretch.spectrum + (1 - share) * one.stretch.spectrum,
            share * last.stretch.wave + (1 - share) * one.stretch.wave,
        )
        joined[-1] = Agreed(Course(speed, tempo, begin - tempo * last.stretch.start), stretch)
    return tuple(joined)


def _goes_on(last: Agreed, one: Agreed) -> bool:
    gap = one.stretch.start - last.stretch.end
    return gap < 1.5 and abs(one.course.at(one.stretch.start) - last.course.at(one.stretch.start)) < 0.1
