"""Items that share with others what is no footage: end cards, and what hard negatives hold before their footage."""

import random
from collections.abc import Iterator, Sequence

from benchmarks.recall.clips import Clip
from benchmarks.recall.drawn import HEIGHT, PREFIX, SORTS, WIDTH, drawn
from benchmarks.recall.kin import groups_of
from benchmarks.recall.parts import Item, Part
from benchmarks.recall.plan import Cut, Layer, Plan, Shot, Voice

SIZE = (640, 360)
FPS = 30
MOVING_CARD, STILL_CARD = f"{PREFIX}endcard-0", f"{PREFIX}stillcard-0"
MOVING_CARDS, STILL_CARDS = 8, 4
"""How many items end in the card that moves, and in the one that stands still."""
PLAIN = ("title", "black", "logo", "bars", "frozen", "countdown")
"""Sorts that tell nothing of where footage comes from; the same ones are laid before queries."""
_SEVERAL = 8


def drawn_clips() -> tuple[Clip, ...]:
    """Every drawn clip that items and queries use, described as those that were read are."""
    numbers = {"endcard": (0,), "stillcard": (0,)}
    names = [f"{PREFIX}{sort}-{number}" for sort in SORTS for number in numbers.get(sort, tuple(range(2 * _SEVERAL)))]
    return tuple(_described(name) for name in names)


def _described(name: str) -> Clip:
    clip = drawn(name)
    halves = round(clip.seconds * 2)
    motion = (5.0 if clip.sort.moves else 0.0,) * halves
    loud = clip.seconds if clip.sort.jingle else 0.0
    return Clip(name, "video", name, "drawn", clip.seconds, WIDTH, HEIGHT, motion, (50.0,) * halves, loud)


def asked_plain(sort: str, number: int) -> str:
    """The name of the drawn clip of a sort that a query shows; black, bars and logos are those of items."""
    same = sort in {"black", "bars", "logo"}
    return f"{PREFIX}{sort}-{0 if same else _SEVERAL + number % _SEVERAL}"


def lures(known: Sequence[Clip], rng: random.Random) -> Iterator[Item]:
    """Items of one clip each, of different groups as far as there are: with an end card, or after something plain."""
    groups = [
        rng.choice(videos)
        for members in groups_of(known).values()
        if (videos := [clip for clip in members if clip.kind == "video" and clip.seconds >= 2.0])
    ]
    if not groups:
        return
    rng.shuffle(groups)
    turn = 0
    for card, count in ((MOVING_CARD, MOVING_CARDS), (STILL_CARD, STILL_CARDS)):
        for _ in range(count):
            yield _joined(f"cards/{turn:02d}.mp4", [groups[turn % len(groups)].name, card], groups, rng)
            turn += 1
    for place, sort in enumerate(PLAIN):
        plain = f"{PREFIX}{sort}-0"
        yield _joined(f"plain/{place:02d}.mp4", [plain, groups[turn % len(groups)].name], groups, rng)
        turn += 1


def _joined(name: str, parts: Sequence[str], clips: Sequence[Clip], rng: random.Random) -> Item:
    by_name = {clip.name: clip for clip in clips}
    shots: list[Shot] = []
    voices: list[Voice] = []
    told: list[Part] = []
    at = 0
    for part in parts:
        clip = by_name.get(part) or _described(part)
        frames = int(min(clip.seconds, 5.0 if part.startswith(PREFIX) else rng.uniform(4, 9)) * FPS)
        seconds = frames / FPS
        start = round(rng.uniform(0, max(0.0, clip.seconds - seconds)), 3)
        cut = Cut(part, start)
        shots.append(Shot(frames, (Layer(cut, fit="contain"),)))
        if clip.loud_seconds >= 1:
            voices.append(Voice(cut, at / FPS, seconds))
        told.append(Part(at / FPS, part, start, seconds))
        at += frames
    plan = Plan("video", *SIZE, FPS, 24, tuple(shots), voices=tuple(voices))
    return Item(name, tuple(told), plan)
