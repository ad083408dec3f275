"""The kinds of queries: each draws a plan from a picker of clips."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.recall.clips import Clip
from benchmarks.recall.edits import even
from benchmarks.recall.footage import working_size
from benchmarks.recall.plan import FULL, BoxFractions, Cut, Edit, Layer, Plan, Shot, Voice
from benchmarks.recall.truth import LONG_SIDE

STILLNESS = 1.5
"""Stretches that move less are not asked for: no method could say which second of them a query shows."""
BLANK = 10.0
"""Nor are stretches with less contrast than this anywhere."""


@dataclass(frozen=True, slots=True)
class Picker:
    """A seeded choice of clips: `sources` are what the query is about, `fillers` what surrounds it."""

    rng: random.Random
    sources: Sequence[Clip]
    fillers: Sequence[Clip]

    def source(self, seconds: float, *, loud: bool = False, kind: str = "video") -> Clip:
        """A clip of at least so many seconds; every group is as likely as another."""
        return self._choose(self.sources, seconds, loud=loud, kind=kind)

    def filler(self, seconds: float, *, loud: bool = False) -> Clip:
        """A clip for the surroundings."""
        return self._choose(self.fillers, seconds, loud=loud, kind="video")

    def _choose(self, clips: Sequence[Clip], seconds: float, *, loud: bool, kind: str) -> Clip:
        while True:
            fit = [clip for clip in clips if _fits(clip, seconds, loud=loud, kind=kind)]
            if fit:
                group = self.rng.choice(sorted({clip.group for clip in fit}))
                return self.rng.choice([clip for clip in fit if clip.group == group])
            if seconds < 0.5:
                raise ValueError(f"expected a clip of the kind {kind} among {len(clips)}, got none")
            seconds /= 1.5  # a folder of short clips gives shorter queries

    def cut(self, clip: Clip, seconds: float, rate: float = 1.0) -> tuple[Cut, float]:
        """A cut of the clip, and its made seconds: `seconds`, or all there is."""
        made = min(seconds, (clip.seconds - 0.1) / abs(rate))
        length = made * abs(rate)
        spare = max(0.0, clip.seconds - 0.1 - length)
        starts = sorted(
            (self.rng.uniform(0, spare) for _ in range(12)), key=lambda start: not _lively(clip, start, length)
        )
        start = round(starts[0], 3)
        return Cut(clip.name, start if rate > 0 else round(start + length, 3), rate), made


def _lively(clip: Clip, start: float, seconds: float) -> bool:
    motion, contrast = clip.liveliness(start, start + seconds)
    return motion >= STILLNESS and contrast >= BLANK


def _fits(clip: Clip, seconds: float, *, loud: bool, kind: str) -> bool:
    if clip.kind != kind:
        return False
    moves = kind != "video" or clip.liveliness(0.0, clip.seconds)[0] >= STILLNESS
    heard = not loud or clip.loud_seconds >= 0.8 * clip.seconds
    return moves and heard and clip.seconds >= seconds


def canvas_of(clip: Clip, long_side: int = LONG_SIDE) -> tuple[int, int]:
    """A canvas in the clip's own shape."""
    width, height = working_size((clip.width, clip.height), long_side)
    return even(width), even(height)


def frames_in(seconds: float, fps: int) -> int:
    return max(1, int(seconds * fps))


def _single(
    pick: Picker, edits: Sequence[Edit], *, rate: float = 1.0, quality: int = 26, seconds: tuple[float, float] = (4, 10)
) -> Plan:
    """One cut of one clip under edits, with its own sound where the speed is kept."""
    clip = pick.source(4.0)
    fps = pick.rng.choice((24, 25, 30))
    cut, made = pick.cut(clip, pick.rng.uniform(*seconds), rate)
    frames = frames_in(made, fps)
    voices = (Voice(cut, 0.0, frames / fps),) if rate == 1.0 and clip.loud_seconds else ()
    layer = Layer(cut, fit="cover")
    return Plan("video", *canvas_of(clip), fps, quality, (Shot(frames, (layer,)),), tuple(edits), voices)


# --- single edits ---------------------------------------------------------------------------------------------------


def scale_edit(short_side: int) -> Edit:
    return Edit("scale", {"short_side": short_side})


def crop_edit(rng: random.Random, area: float | None = None) -> Edit:
    share = area if area is not None else rng.uniform(0.4, 0.55)
    width = rng.uniform(max(0.5, share), min(1.0, share / 0.5))
    return Edit("crop", {"width": width, "height": share / width, "left": rng.random(), "top": rng.random()})


def caption_edit(rng: random.Random) -> Edit:
    values = {
        "seed": rng.randrange(10**6),
        "top_bar": rng.uniform(0.08, 0.22),
        "bottom_bar": rng.uniform(0.1, 0.24),
        "logo": rng.uniform(0.08, 0.2),
        "faces": rng.randrange(1, 4),
    }
    return Edit("caption", values)


def grade_edit(rng: random.Random) -> Edit:
    values = {
        "seed": rng.randrange(10**6),
        "gamma": rng.choice((0.5, 0.65, 1.5, 1.9)),
        "contrast": rng.uniform(0.7, 1.4),
        "saturation": rng.choice((0.0, 0.4, 1.5)),
        "blue": rng.uniform(0.75, 1.2),
        "red": rng.uniform(0.8, 1.2),
        "noise": rng.uniform(4, 16),
    }
    return Edit("grade", values)


def rotate_edit(rng: random.Random) -> Edit:
    degrees = rng.choice((-1, 1)) * rng.uniform(3, 15)
    return Edit("rotate", {"degrees": degrees, "zoom": rng.choice((1.0, 1.25))})


def screen_edit(rng: random.Random) -> Edit:
    values = {
        "seed": rng.randrange(10**6),
        "inset": rng.uniform(0.06, 0.14),
        "shake": rng.uniform(0.002, 0.006),
        "blur": rng.uniform(0.8, 1.6),
        "moire": rng.uniform(0.04, 0.12),
        "moire_x": rng.uniform(0.3, 1.4),
        "moire_y": rng.uniform(-0.8, 0.8),
        "flicker": rng.uniform(0.02, 0.1),
        "noise": rng.uniform(4, 10),
    }
    return Edit("screen", values)


def portrait_edit(rng: random.Random) -> Edit:
    values = {
        "blurred": float(rng.random() < 0.5),
        "shade": rng.choice((0, 255, 30)),
        "zoom": rng.choice((1.0, 1.3, 1.7)),
        "top": rng.choice((0.5, 0.5, 0.3)),
    }
    return Edit("portrait", values)


MIRROR = Edit("mirror", {})


def reencode(pick: Picker) -> Plan:
    return _single(pick, [scale_edit(240)], quality=pick.rng.choice((32, 35, 38)))


def crop(pick: Picker) -> Plan:
    return _single(pick, [crop_edit(pick.rng)])


def mirror(pick: Picker) -> Plan:
    return _single(pick, [MIRROR])


def caption(pick: Picker) -> Plan:
    return _single(pick, [caption_edit(pick.rng)])


def grade(pick: Picker) -> Plan:
    return _single(pick, [grade_edit(pick.rng)])


def rotate(pick: Picker) -> Plan:
    if pick.rng.random() < 0.5:
        return _single(pick, [rotate_edit(pick.rng)])
    return _single(pick, [Edit("turn", {"quarters": pick.rng.choice((1, 2, 3))})])


def screenfilm(pick: Picker) -> Plan:
    return _single(pick, [screen_edit(pick.rng)], quality=28)


def vertical(pick: Picker) -> Plan:
    return _single(pick, [portrait_edit(pick.rng)])


def stacked(pick: Picker) -> Plan:
    rng = pick.rng
    area = rng.uniform(0.55, 0.75)
    edits = [MIRROR, crop_edit(rng, area), grade_edit(rng), caption_edit(rng), portrait_edit(rng)]
    if rng.random() < 0.5:
        edits[0] = rotate_edit(rng)
    return _single(pick, edits, quality=32)


def repost(pick: Picker) -> Plan:
    rng = pick.rng
    edits = [MIRROR, crop_edit(rng, rng.uniform(0.65, 0.85)), caption_edit(rng), portrait_edit(rng), scale_edit(270)]
    return _single(pick, edits, quality=33)


def faster(pick: Picker) -> Plan:
    return _single(pick, [scale_edit(300)], rate=round(pick.rng.uniform(1.25, 2.0), 3))


def slower(pick: Picker) -> Plan:
    return _single(pick, [scale_edit(300)], rate=round(pick.rng.uniform(0.5, 0.8), 3))


def backwards(pick: Picker) -> Plan:
    return _single(pick, [scale_edit(300)], rate=-1.0)


# --- panes ----------------------------------------------------------------------------------------------------------


def _inset(pick: Picker, width: float) -> Plan:
    rng = pick.rng
    clip, host = pick.source(4.0), pick.filler(4.0)
    canvas = (640, 360) if rng.random() < 0.7 else (360, 640)
    fps = rng.choice((25, 30))
    cut, made = pick.cut(clip, rng.uniform(4, 9))
    ground, room = pick.cut(host, made)
    frames = frames_in(min(made, room), fps)
    height = width * canvas[0] / clip.aspect / canvas[1]
    if height > 0.9:
        width, height = width * 0.9 / height, 0.9
    box = (rng.uniform(0.02, 0.98 - width), rng.uniform(0.02, 0.98 - height), width, height)
    edits = (MIRROR,) if rng.random() < 0.4 else ()
    layers = (Layer(ground), Layer(cut, edits, box))
    voices = _voice(rng.choice((clip, host)), {clip.name: cut, host.name: ground}, frames / fps)
    return Plan("video", *canvas, fps, 26, (Shot(frames, layers),), voices=voices)


def _voice(clip: Clip, cuts: Mapping[str, Cut], seconds: float) -> tuple[Voice, ...]:
    return (Voice(cuts[clip.name], 0.0, seconds),) if clip.loud_seconds else ()


def pip(pick: Picker) -> Plan:
    return _inset(pick, 0.4)


def tinypip(pick: Picker) -> Plan:
    return _inset(pick, 0.25)


def panes(pick: Picker, clips: Sequence[Clip], boxes: Sequence[BoxFractions], canvas: tuple[int, int]) -> Plan:
    """Clips beside one another, each filling its box, with the sound of the first."""
    fps = pick.rng.choice((25, 30))
    cuts = [pick.cut(clip, 8.0) for clip in clips]
    frames = frames_in(min(made for _, made in cuts), fps)
    layers = tuple(Layer(cut, (), box) for (cut, _), box in zip(cuts, boxes, strict=True))
    voices = _voice(clips[0], {clips[0].name: cuts[0][0]}, frames / fps)
    return Plan("video", *canvas, fps, 26, (Shot(frames, layers),), voices=voices)


def reaction(pick: Picker) -> Plan:
    clips = [pick.source(4.0), pick.filler(4.0)]
    pick.rng.shuffle(clips)
    return panes(pick, clips, [(0, 0, 1, 0.5), (0, 0.5, 1, 0.5)], (480, 640))


def grid(pick: Picker) -> Plan:
    clips = [pick.source(4.0) for _ in range(3)] + [pick.filler(4.0)]
    pick.rng.shuffle(clips)
    boxes = [(0, 0, 0.5, 0.5), (0.5, 0, 0.5, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)]
    return panes(pick, clips, boxes, (640, 480))


# --- sequences ------------------------------------------------------------------------------------------------------


def sequence(pick: Picker, pieces: Sequence[tuple[Clip, float]]) -> Plan:
    """Clips after one another, each for so many seconds, with their sound."""
    fps = pick.rng.choice((25, 30))
    shots: list[Shot] = []
    voices: list[Voice] = []
    at = 0
    for clip, seconds in pieces:
        cut, made = pick.cut(clip, seconds)
        frames = frames_in(made, fps)
        shots.append(Shot(frames, (Layer(cut, fit="contain"),)))
        if clip.loud_seconds:
            voices.append(Voice(cut, at / fps, frames / fps))
        at += frames
    return Plan("video", 640, 360, fps, 26, tuple(shots), voices=tuple(voices))


def compilation(pick: Picker) -> Plan:
    rng = pick.rng
    pieces = [(pick.source(3.5), rng.uniform(3, 8)) for _ in range(3)] + [(pick.filler(3.0), rng.uniform(3, 6))] * 2
    rng.shuffle(pieces)
    return sequence(pick, pieces)


def short(pick: Picker) -> Plan:
    rng = pick.rng
    fillers = [(pick.filler(4.0), rng.uniform(5, 12)) for _ in range(rng.randrange(4, 6))]
    place = rng.randrange(1, len(fillers))
    return sequence(pick, [*fillers[:place], (pick.source(3.0), rng.uniform(1.5, 3)), *fillers[place:]])


# --- stills ---------------------------------------------------------------------------------------------------------


def still(pick: Picker) -> Plan:
    """A frame or a photograph, as a picture file or shown for four seconds."""
    rng = pick.rng
    clip = photograph(pick) if has_photographs(pick) and rng.random() < 0.3 else pick.source(3.0)
    cut, _ = pick.cut(clip, 0.5) if clip.kind == "video" else (Cut(clip.name, 0.0), 0.0)
    layer = Layer(replace(cut, rate=0.0))
    edits = rng.choice(([], [crop_edit(rng, 0.7)], [scale_edit(240)], [MIRROR]))
    if rng.random() < 0.6:
        return Plan("image", *canvas_of(clip), 25, rng.choice((60, 75, 85)), (Shot(1, (layer,)),), tuple(edits))
    return Plan("video", *canvas_of(clip), 25, 26, (Shot(100, (layer,)),), tuple(edits))


def has_photographs(pick: Picker) -> bool:
    """Whether there is a photograph of some size among the sources."""
    return any(clip.kind == "image" and min(clip.width, clip.height) >= 300 for clip in pick.sources)


def photograph(pick: Picker) -> Clip:
    """A photograph of some size; every group is as likely as another."""
    large = [clip for clip in pick.sources if clip.kind == "image" and min(clip.width, clip.height) >= 300]
    group = pick.rng.choice(sorted({clip.group for clip in large}))
    return pick.rng.choice([clip for clip in large if clip.group == group])


# --- sound ----------------------------------------------------------------------------------------------------------


def soundtrack(pick: Picker) -> Plan:
    """Other pictures under the clip's sound: plain, or short, 6 % faster and noisy."""
    rng = pick.rng
    hard = rng.random() < 0.4
    rate = 1.06 if hard else 1.0
    clip = pick.source(6.0, loud=True)
    cut, made = pick.cut(clip, rng.uniform(3, 4) if hard else rng.uniform(5, 9), rate)
    host = pick.filler(made)
    ground, room = pick.cut(host, made)
    fps = 25
    frames = frames_in(min(made, room), fps)
    voice = Voice(cut, 0.0, frames / fps, noise=0.5 if hard else 0.0)
    return Plan("video", *canvas_of(host), fps, 26, (Shot(frames, (Layer(ground, box=FULL),)),), voices=(voice,))


def soundbite(pick: Picker) -> Plan:
    """Five seconds of sound in a file of its own."""
    cut, made = pick.cut(pick.source(5.5, loud=True), 5.0)
    return Plan("sound", 2, 2, 25, 26, (), voices=(Voice(cut, 0.0, made),))


KINDS: Mapping[str, Callable[[Picker], Plan]] = {
    "reencode": reencode,
    "crop": crop,
    "mirror": mirror,
    "caption": caption,
    "grade": grade,
    "rotate": rotate,
    "screenfilm": screenfilm,
    "vertical": vertical,
    "pip": pip,
    "tinypip": tinypip,
    "reaction": reaction,
    "grid": grid,
    "stacked": stacked,
    "faster": faster,
    "slower": slower,
    "backwards": backwards,
    "compilation": compilation,
    "repost": repost,
    "short": short,
    "still": still,
    "soundtrack": soundtrack,
    "soundbite": soundbite,
}
