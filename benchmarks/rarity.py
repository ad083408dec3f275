"""`python -m benchmarks.rarity`: what many items share must not hide what one holds; with and without rarity.

Two archives are made and asked. In the first, items of unrelated footage end in one card with a jingle, and the queries
are short, heavily edited excerpts of other items that end in it too. In the second, one item holds hours of a fixed
camera, and the queries are edited excerpts of a short item of the same place. Verification runs in this process, so
that its CPU counts.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.recall.clips import Clip, read_clips, read_pairs
from benchmarks.recall.drawn import drawn
from benchmarks.recall.kin import groups_of, read_family
from benchmarks.recall.kinds import Picker, crop_edit, grade_edit, scale_edit
from benchmarks.recall.lures import MOVING_CARD
from benchmarks.recall.plan import Cut, Layer, Plan, Shot, Voice
from benchmarks.recall.render import render
from firsthand.archive.add import Intake, add
from firsthand.archive.match import Matched, matcher
from firsthand.archive.open import open_holdings
from firsthand.archive.walk import Found
from firsthand.media.write import VideoWriter
from firsthand.model.item import Keep, Provenance
from firsthand.model.match import Channel
from firsthand.recall import alike, candidates, recurrence, search, sound_lines, sound_search
from firsthand.recall.reading import read_medium
from firsthand.store.layout import Layout

FPS = 25
CARDED, ASKED = 64, 12
LIMIT = 10
CAMERA = (320, 180)
CAMERA_RATE = 4
PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the name of the one item that its footage is from."""

    path: Path
    item: str


@dataclass(frozen=True, slots=True)
class Scene:
    """An archive of files, and what is asked of it."""

    files: tuple[Path, ...]
    queries: tuple[Asked, ...]


# --- an end card that many items share ------------------------------------------------------------------------------


def card_scene(folder: Path, work: Path) -> Scene:
    """Items that end in the card, the plain items that are asked for, and the queries."""
    clips = read_clips(folder, work)
    read_family(folder, clips, read_pairs(folder), work)
    rng = random.Random(5)  # noqa: S311 - repeatable, not secret
    one_each = [
        rng.choice(videos)
        for members in groups_of(clips).values()
        if (
            videos := [c for c in members if c.kind == "video" and c.seconds >= 3 and c.liveliness(0, c.seconds)[0] > 2]
        )
    ]
    rng.shuffle(one_each)
    held, others = one_each[:ASKED], one_each[ASKED:]
    files = [folder / clip.name for clip in held]
    for number in range(CARDED):
        pick = Picker(rng, others, others)
        files.append(_made(_carded(pick, others[number % len(others)], rng.uniform(3, 6), ()), folder, work, "item"))
    queries = []
    for clip in held:
        edits = (crop_edit(rng, 0.45), grade_edit(rng), scale_edit(200))
        plan = _carded(Picker(rng, held, held), clip, 2.5, edits)
        queries.append(Asked(_made(plan, folder, work, "query"), Path(clip.name).name))
    return Scene(tuple(files), tuple(queries))


def _carded(pick: Picker, clip: Clip, seconds: float, edits: Sequence[object]) -> Plan:
    cut, made = pick.cut(clip, seconds)
    frames, after = int(made * FPS), int(drawn(MOVING_CARD).seconds * FPS)
    card = Cut(MOVING_CARD, 0.0)
    voices = (Voice(cut, 0.0, frames / FPS),) if clip.loud_seconds >= 1 else ()
    shots = (
        Shot(frames, (Layer(cut, tuple(edits), fit="contain"),)),  # type: ignore[arg-type]
        Shot(after, (Layer(card, fit="contain"),)),
    )
    jingle = Voice(card, frames / FPS, after / FPS)
    return Plan("video", 640, 360, FPS, 30, shots, voices=(*voices, jingle))


def _made(plan: Plan, folder: Path, work: Path, name: str) -> Path:
    path = work / "made" / f"{name}-{plan.digest()}.mp4"
    if not path.exists():
        render(plan, folder, path)
    return path


# --- hours of a fixed camera ----------------------------------------------------------------------------------------


def camera_scene(work: Path, hours: float) -> Scene:
    """An item of hours of a camera, a minute of it on another day, other cameras, and edited excerpts of the minute."""
    long = _filmed(work / "made" / f"camera-{hours:g}h.mp4", place=1, day=1, seconds=hours * 3600)
    minute = _filmed(work / "made" / "camera-minute.mp4", place=1, day=2, seconds=60)
    others = [_filmed(work / "made" / f"camera-{n}.mp4", place=n, day=1, seconds=30) for n in range(2, 12)]
    queries = [_excerpt(work / "made" / f"excerpt-{n}.mp4", day=2, start=5.0 + 6 * n, seed=n) for n in range(8)]
    return Scene((long, minute, *others), tuple(Asked(path, minute.name) for path in queries))


def _filmed(path: Path, place: int, day: int, seconds: float) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"unfinished-{path.name}")
        with VideoWriter(unfinished, *CAMERA, CAMERA_RATE) as writer:
            for number in range(round(seconds * CAMERA_RATE)):
                writer.write(_view(place, day, number / CAMERA_RATE))
        unfinished.replace(path)
    return path


def _view(place: int, day: int, second: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A place with people who walk through it, in the light of the hour and the grain of the sensor."""
    scene = np.random.default_rng(place)
    ground = cv2.resize(scene.integers(30, 220, (7, 12, 3), np.uint8), CAMERA, interpolation=cv2.INTER_NEAREST)
    fine = cv2.resize(scene.integers(0, 60, (45, 80, 1), np.uint8), CAMERA, interpolation=cv2.INTER_CUBIC)
    picture = np.clip(ground * 0.7 + fine[..., None], 0, 255).astype(np.uint8)
    for person in range(PEOPLE):
        walk = np.random.default_rng((place, day, person, int(second // 8)))
        left = round(walk.uniform(0, 250) + walk.uniform(-25, 25) * (second % 8))
        top = round(walk.uniform(60, 110))
        picture[top : top + 50, max(0, left) : max(0, left + 22)] = walk.integers(0, 256, 3)
    light = 1 + 0.12 * np.sin(second / 600 + day)
    grain = np.random.default_rng((day, round(second * 100))).normal(0, 4, picture.shape)
    return np.clip(picture * light + grain, 0, 255).astype(np.uint8)


def _excerpt(path: Path, day: int, start: float, seed: int) -> Path:
    """Six seconds, cropped to half of the area, darkened and mirrored in turn."""
    if not path.exists():
        width, height = 224, 126
        rng = np.random.default_rng(seed)
        left, top = int(rng.integers(0, CAMERA[0] - width)), int(rng.integers(0, CAMERA[1] - height))
        with VideoWriter(path, width, height, CAMERA_RATE) as writer:
            for number in range(6 * CAMERA_RATE):
                view = _view(1, day, start + number / CAMERA_RATE)[top : top + height, left : left + width]
                shown = np.clip(view[:, ::-1] if seed % 2 else view, 0, 255) * 0.7
                writer.write(np.ascontiguousarray(shown.astype(np.uint8)))
    return path


# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some queries: how many found their item by picture and by sound, had it first, and had it among the first."""

    asked: int
    by_picture: int
    by_sound: int
    first: int
    within_limit: int
    others: float
    recurs: int
    cpu_seconds: float


def ask(layout: Layout, queries: Sequence[Asked], *, rarity: bool) -> Figures:
    """The figures; without rarity matches are in the order of their surest segment."""
    places: list[int | None] = []
    by_picture = by_sound = others = recurs = 0
    with open_holdings(layout) as holdings, _in_this_process(), _rarity(on=rarity):
        asking = matcher(holdings)
        start = time.process_time()
        for query in queries:
            with asking.matched(str(query.path)) as (matched, _):
                pass
            channels = _channels(matched, query.item)
            by_picture += Channel.PICTURE in channels
            by_sound += Channel.SOUND in channels
            names = _ordered(matched, rarity=rarity)
            places.append(names.index(query.item) if query.item in names else None)
            others += len(names) - (query.item in names)
            recurs = max([recurs, *(s.recurs_in or 0 for one in matched.matches for s in one.match.segments)])
        cpu = time.process_time() - start
    known = [place for place in places if place is not None]
    return Figures(
        len(queries),
        by_picture,
        by_sound,
        known.count(0),
        sum(place < LIMIT for place in known),
        others / len(queries),
        recurs,
        cpu / len(queries),
    )


def _channels(matched: Matched, item: str) -> set[Channel]:
    return {
        segment.channel
        for one in matched.matches
        if Path(one.item.path).name == item
        for segment in one.match.segments
        if segment.recurs_in is None
    }


def _ordered(matched: Matched, *, rarity: bool) -> list[str]:
    if rarity:
        return [Path(one.item.path).name for one in matched.matches]
    surest = sorted(matched.matches, key=lambda one: -max(s.confidence for s in one.match.segments))
    return [Path(one.item.path).name for one in surest]


@contextmanager
def _in_this_process() -> Iterator[None]:
    def direct(function: Callable[..., object], request: object, *_: object, **__: object) -> object:
        return function(request, lambda _share: None)

    kept = search.call, sound_search.call
    search.call = sound_search.call = direct  # type: ignore[assignment]
    try:
        yield
    finally:
        search.call, sound_search.call = kept


@contextmanager
def _rarity(*, on: bool) -> Iterator[None]:
    """With or without it: the votes of pictures and of sound, and the second question past what is crowded."""
    places = ((candidates, "_HALVED_BY"), (sound_lines, "_HALVED_BY"), (alike, "_ROUNDS"), (recurrence, "MANY"))
    kept = [getattr(module, name) for module, name in places]
    if not on:
        for (module, name), value in zip(places, (1e12, 1e12, 1, 10**9), strict=True):
            setattr(module, name, value)
    try:
        yield
    finally:
        for (module, name), value in zip(places, kept, strict=True):
            setattr(module, name, value)


def archived(scene: Scene, place: Path) -> Layout:
    """An archive of the scene's files."""
    layout = Layout(place)
    paths = [Found(str(path.resolve())) for path in scene.files]
    for _ in add(paths, layout, Intake(Keep.REFERENCE, Provenance(), read_medium)):
        pass
    return layout


def main() -> int:
    """Makes the scenes, asks with and without rarity, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rarity", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips, as for benchmarks.recall")
    parser.add_argument("--work", type=Path, default=Path("build/rarity"))
    parser.add_argument("--hours", type=float, default=2.0, help="of the fixed camera (default: %(default)s)")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    columns = "found by picture", "by sound", "first", f"among the first {LIMIT}", "other items", "recurs in", "core s"
    print(f"| archive | rarity | queries | {' | '.join(columns)} |\n|{' --- |' * (len(columns) + 3)}")
    scenes = {
        f"a card in {CARDED} items": card_scene(options.clips, options.work),
        f"{options.hours:g} h of a fixed camera": camera_scene(options.work, options.hours),
    }
    for number, (name, scene) in enumerate(scenes.items()):
        layout = archived(scene, options.work / f"archive-{number}")
        for on in (False, True):
            told = ask(layout, scene.queries, rarity=on)
            cells = (told.asked, told.by_picture, told.by_sound, told.first, told.within_limit, f"{told.others:.1f}")
            row = " | ".join(map(str, (*cells, told.recurs, f"{told.cpu_seconds:.2f}")))
            print(f"| {name} | {'with' if on else 'without'} | {row} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
