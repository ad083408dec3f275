"""Kinds of queries that came after the first: they are drawn after those, whose plans stay as they were."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from benchmarks.recall.clips import Clip
from benchmarks.recall.drawn import PREFIX, drawn
from benchmarks.recall.kinds import (
    Picker,
    canvas_of,
    frames_in,
    has_photographs,
    panes,
    photograph,
    scale_edit,
    sequence,
)
from benchmarks.recall.lures import MOVING_CARD, PLAIN, STILL_CARD, asked_plain
from benchmarks.recall.plan import FULL, BoxFractions, Cut, Edit, Layer, Plan, Shot, Voice

CANVAS = (640, 360)


def looped(pick: Picker) -> Plan:
    """An excerpt, two to four times over."""
    rng = pick.rng
    clip = pick.source(3.0)
    fps = rng.choice((24, 25, 30))
    cut, made = pick.cut(clip, rng.uniform(1.5, 4.0))
    frames, times = frames_in(made, fps), rng.randrange(2, 5)
    shot = Shot(frames, (Layer(cut, fit="cover"),))
    heard = range(times) if clip.loud_seconds else ()
    voices = tuple(Voice(cut, number * frames / fps, frames / fps) for number in heard)
    return Plan("video", *canvas_of(clip), fps, 26, (shot,) * times, (scale_edit(300),), voices)


def splitscreen(pick: Picker) -> Plan:
    """Two clips side by side, each cropped to its half; one of them is sometimes unknown."""
    clips = [pick.source(4.0), pick.source(4.0) if pick.rng.random() < 0.5 else pick.filler(4.0)]
    pick.rng.shuffle(clips)
    return panes(pick, clips, [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)], CANVAS)


def reordered(pick: Picker) -> Plan:
    """Three excerpts of one clip after something else, in another order than the clip's."""
    rng = pick.rng
    clip, host = pick.source(9.0), pick.filler(3.0)
    fps = 25
    third = (clip.seconds - 0.2) / 3
    seconds = min(third * 0.9, rng.uniform(2, 4))
    order = rng.choice(((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)))
    cuts = [Cut(clip.name, round(part * third + rng.uniform(0, third - seconds), 3)) for part in order]
    ground, made = pick.cut(host, 3.0)
    shots = [Shot(frames_in(made, fps), (Layer(ground, fit="contain"),))]
    voices = []
    for cut in cuts:
        at = sum(shot.frames for shot in shots) / fps
        shots.append(Shot(frames_in(seconds, fps), (Layer(cut, fit="contain"),)))
        if clip.loud_seconds:
            voices.append(Voice(cut, at, shots[-1].frames / fps))
    return Plan("video", *CANVAS, fps, 26, tuple(shots), voices=tuple(voices))


# --- stills in videos -----------------------------------------------------------------------------------------------


def _stillness(pick: Picker, share: float) -> Cut:
    """A photograph, with that probability where there is one, or a single frame of a clip."""
    if has_photographs(pick) and pick.rng.random() < share:
        return Cut(photograph(pick).name, 0.0, 0.0)
    cut, _ = pick.cut(pick.source(3.0), 0.5)
    return replace(cut, rate=0.0)


def slideshow(pick: Picker) -> Plan:
    """Photographs and single frames for two to four seconds each, some with a slow zoom or with fades."""
    rng = pick.rng
    fps = 25
    shots: list[Shot] = []
    for _ in range(rng.randrange(3, 6)):
        cut = _stillness(pick, 0.5)
        frames = frames_in(rng.uniform(2, 4), fps)
        values = {"start": sum(shot.frames for shot in shots) / fps, "seconds": frames / fps}
        zoom = (Edit("zoom", {**values, "most": rng.uniform(1.05, 1.2)}),) if rng.random() < 0.4 else ()
        fade = (Edit("fade", {**values, "fade": rng.uniform(0.3, 0.6)}),) if rng.random() < 0.4 else ()
        shots.append(Shot(frames, (Layer(cut, (*zoom, *fade), fit="contain"),)))
    return Plan("video", *CANVAS, fps, 26, tuple(shots))


def shownphoto(pick: Picker) -> Plan:
    """A photograph, full or inset, for some seconds of another video."""
    rng = pick.rng
    fps = 25
    cut = _stillness(pick, 1.0)
    host = pick.filler(8.0)
    ground, made = pick.cut(host, 10.0)
    shown = min(made - 1.0, rng.uniform(2.5, 5))
    before = rng.uniform(0.5, made - shown - 0.4)
    width = rng.uniform(0.4, 0.7)
    box = (rng.uniform(0.02, 0.98 - width), rng.uniform(0.02, 0.98 - width), width, width)
    inset: BoxFractions = box if rng.random() < 0.5 else FULL
    shots = []
    at = 0.0
    for seconds, over in ((before, False), (shown, True), (made - before - shown, False)):
        under = Layer(replace(ground, start=ground.start + at))
        layers = (under, Layer(cut, box=inset, fit="contain" if inset == FULL else "cover")) if over else (under,)
        shots.append(Shot(frames_in(seconds, fps), layers))
        at += shots[-1].frames / fps
    voices = (Voice(ground, 0.0, at),) if host.loud_seconds else ()
    return Plan("video", *CANVAS, fps, 26, tuple(shots), voices=voices)


# --- cards and what tells nothing -----------------------------------------------------------------------------------


def _carded(pick: Picker, clip: Clip, card: str, seconds: float) -> Plan:
    """A cut of a clip and then the whole of a card, with its jingle."""
    plan = sequence(pick, [(clip, seconds)])
    at = plan.shots[0].frames / plan.fps
    frames = frames_in(drawn(card).seconds, plan.fps)
    shot = Shot(frames, (Layer(Cut(card, 0.0), fit="contain"),))
    voice = Voice(Cut(card, 0.0), at, frames / plan.fps)
    return replace(plan, shots=(*plan.shots, shot), voices=(*plan.voices, voice))


def endcard(pick: Picker) -> Plan:
    """Known footage that ends in a card which many items end in."""
    return _carded(pick, pick.source(3.5), MOVING_CARD, pick.rng.uniform(3, 8))


def sharedcard(pick: Picker) -> Plan:
    """Unknown footage that ends in such a card."""
    card = MOVING_CARD if pick.rng.random() < 0.5 else STILL_CARD
    return _carded(pick, pick.filler(4.0), card, pick.rng.uniform(4, 8))


def _plain(sort: str) -> Callable[[Picker], Plan]:
    def made(pick: Picker) -> Plan:
        """Unknown footage after something that tells nothing."""
        plan = sequence(pick, [(pick.filler(4.0), pick.rng.uniform(4, 8))])
        name = asked_plain(sort, pick.rng.randrange(1000))
        frames = frames_in(min(4.0, drawn(name).seconds), plan.fps)
        shot = Shot(frames, (Layer(Cut(name, 0.0), fit="contain"),))
        voices = tuple(replace(voice, at=voice.at + frames / plan.fps) for voice in plan.voices)
        return replace(plan, shots=(shot, *plan.shots), voices=voices)

    return made


def card_span(plan: Plan) -> tuple[float, float] | None:
    """The seconds at which a plan shows an end card."""
    at = 0
    for shot in plan.shots:
        if shot.layers[0].cut.clip in {MOVING_CARD, STILL_CARD}:
            return at / plan.fps, (at + shot.frames) / plan.fps
        at += shot.frames
    return None


LATER: Mapping[str, Callable[[Picker], Plan]] = {
    "looped": looped,
    "splitscreen": splitscreen,
    "reordered": reordered,
    "slideshow": slideshow,
    "shownphoto": shownphoto,
    "endcard": endcard,
}
"""Queries about known footage."""

CARDS, PLAINS = "sharedcard", "plain"
"""Hard negatives: unknown footage with a card that many items share, and with what tells nothing."""
HARD: Mapping[str, Callable[[Picker], Plan]] = {
    CARDS: sharedcard,
    **{f"{PREFIX.rstrip('/')}-{sort}": _plain(sort) for sort in PLAIN},
}
"""Their kinds, by what they are made as."""
