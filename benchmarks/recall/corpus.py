"""What the archive holds and what stays outside: a split by groups, and longer items joined from several clips."""

import hashlib
import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.recall.clips import Clip
from benchmarks.recall.kin import Family, groups_of
from benchmarks.recall.lures import drawn_clips, lures
from benchmarks.recall.parts import Item, Part
from benchmarks.recall.plan import Cut, Layer, Plan, Shot, Voice

JOINED_SIZE = (640, 360)
JOINED_FPS = 30


@dataclass(frozen=True, slots=True)
class Corpus:
    """Clips inside the archive, strangers to it, and twins (other takes of places that the archive holds)."""

    folder: Path
    clips: dict[str, Clip]
    family: Family
    known: tuple[Clip, ...]
    strangers: tuple[Clip, ...]
    twins: tuple[Clip, ...]
    items: tuple[Item, ...]


def build_corpus(folder: Path, clips: Sequence[Clip], family: Family, *, split: float, seed: int) -> Corpus:
    """The corpus: `split` of the groups go into the archive, chosen by the digest of their names and the seed."""
    known: list[Clip] = []
    strangers: list[Clip] = []
    twins: list[Clip] = []
    for group, members in groups_of(clips).items():
        if all(clip.relation == "same-scene-group" for clip in members) and len(members) > 1:
            half = (len(members) + 1) // 2
            known.extend(members[:half])
            twins.extend(members[half:])
        elif len(members) > 4 or _share(group, seed) < split:  # a large group tells most about wrong pairs
            known.extend(members)
        else:
            strangers.extend(members)
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    singles = tuple(Item(f"clips/{clip.name}", (Part(0.0, clip.name, 0.0, clip.seconds),)) for clip in known)
    lured = tuple(lures(known, random.Random(f"{seed}/lures")))  # noqa: S311 - the same
    items = (*singles, *_joined(known, rng), *lured)
    every = {clip.name: clip for clip in (*clips, *drawn_clips())}
    return Corpus(folder, every, _with_drawn(family), tuple(known), tuple(strangers), tuple(twins), items)


def _with_drawn(family: Family) -> Family:
    """The family with the drawn clips in it: each is of its own group, and what stands still shares nothing."""
    groups = {clip.name: clip.group for clip in drawn_clips()}
    plain = frozenset(clip.name for clip in drawn_clips() if not clip.loud_seconds)
    still = frozenset(clip.name for clip in drawn_clips() if clip.loud_seconds and max(clip.motion) == 0)
    return replace(family, groups={**family.groups, **groups}, plain=plain, still=still)


def _share(group: str, seed: int) -> float:
    return int(hashlib.sha256(f"{seed}:{group}".encode()).hexdigest()[:8], 16) / 2**32


def _joined(known: Sequence[Clip], rng: random.Random) -> tuple[Item, ...]:
    """Items of five clips of different groups each; every group stands in one of them at most."""
    groups = [
        rng.choice(videos)
        for members in groups_of(known).values()
        if (videos := [clip for clip in members if clip.kind == "video" and clip.seconds >= 2.5])
    ]
    rng.shuffle(groups)
    bunches = [groups[start : start + 5] for start in range(0, len(groups) - 2, 5)]
    return tuple(_join(f"joined/{number:02d}.mp4", bunch, rng) for number, bunch in enumerate(bunches))


def _join(name: str, clips: Sequence[Clip], rng: random.Random) -> Item:
    shots: list[Shot] = []
    voices: list[Voice] = []
    parts: list[Part] = []
    at = 0.0
    for clip in clips:
        frames = int(min(clip.seconds, rng.uniform(8, 16)) * JOINED_FPS)
        seconds = frames / JOINED_FPS
        start = round(rng.uniform(0, clip.seconds - seconds), 3)
        cut = Cut(clip.name, start)
        shots.append(Shot(frames, (Layer(cut, fit="contain"),)))
        if clip.loud_seconds >= 1:
            voices.append(Voice(cut, at, seconds))
        parts.append(Part(at, clip.name, start, seconds))
        at += seconds
    plan = Plan("video", *JOINED_SIZE, JOINED_FPS, 24, tuple(shots), voices=tuple(voices))
    return Item(name, tuple(parts), plan)


def put_clip(source: Path, target: Path) -> None:
    """The clip at its place in the archive folder, as a hard link where the file system allows."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)
