"""Plans become files, with PyAV alone."""

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.drawn import drawn_sound, drawn_stretch, is_drawn
from benchmarks.recall.edits import EFFECTS, Picture, place, resize
from benchmarks.recall.footage import SOUND_RATE, Stretch, read_sound, read_stretch
from benchmarks.recall.plan import Edit, Layer, Plan, Shot, Voice

CODECS = ("libx264", "mpeg4")


def render(plan: Plan, folder: Path, target: Path) -> None:
    """The file that `plan` describes; nothing is done where it exists."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"unfinished-{os.getpid()}-{target.name}")
    if plan.kind == "image":
        picture = next(_pictures(plan, folder))
        cv2.imwrite(str(unfinished), picture, [cv2.IMWRITE_JPEG_QUALITY, plan.quality])
    else:
        _write(plan, folder, unfinished)
    unfinished.replace(target)


def _pictures(plan: Plan, folder: Path) -> Iterator[Picture]:
    number = 0
    for shot in plan.shots:
        stretches = [_stretch(layer, shot, plan, folder) for layer in shot.layers]
        for frame in range(shot.frames):
            canvas = np.zeros((plan.height, plan.width, 3), np.uint8)
            for layer, stretch in zip(shot.layers, stretches, strict=True):
                second = layer.cut.start + layer.cut.rate * frame / plan.fps
                picture = _edited(stretch.at(second), layer.edits, number / plan.fps)
                canvas = place(canvas, picture, layer.box, layer.fit)
            yield _whole(_edited(canvas, plan.edits, number / plan.fps))
            number += 1


def _stretch(layer: Layer, shot: Shot, plan: Plan, folder: Path) -> Stretch:
    ends = sorted([layer.cut.start, layer.cut.start + layer.cut.rate * shot.frames / plan.fps])
    if is_drawn(layer.cut.clip):
        return drawn_stretch(layer.cut.clip, ends[0], ends[1])
    return read_stretch(folder / layer.cut.clip, ends[0], ends[1])


def _edited(picture: Picture, edits: Sequence[Edit], second: float) -> Picture:
    for edit in edits:
        picture = EFFECTS[edit.name].draw(picture, edit.values, second)
    return picture


def _whole(picture: Picture) -> Picture:
    """The picture with even sides, as encoders want them."""
    height, width = picture.shape[:2]
    size = (max(2, width - width % 2), max(2, height - height % 2))
    return picture if size == (width, height) else resize(picture, size)


def _write(plan: Plan, folder: Path, target: Path) -> None:
    kind = "mp4" if plan.kind == "video" else "ipod"
    with av.open(str(target), "w", format=kind) as container:
        pictures = _pictures(plan, folder) if plan.kind == "video" else iter(())
        first = next(pictures, None)
        video = None
        if first is not None:
            codec = next(name for name in CODECS if name in av.codecs_available)
            video = cast("av.VideoStream", container.add_stream(codec, rate=plan.fps))
            video.height, video.width = first.shape[:2]
            video.pix_fmt = "yuv420p"
            video.options = {"crf": str(plan.quality), "preset": "veryfast"}
            video.codec_context.thread_count = 1
        sound = None
        if plan.voices:
            sound = container.add_stream("aac", rate=SOUND_RATE)
            sound.bit_rate = 96_000
            sound.layout = "mono"
        if video is not None and first is not None:
            _write_pictures(container, video, first, pictures, plan.fps)
        if sound is not None:
            _write_sound(container, sound, mix(plan.voices, plan.seconds, folder))


def _write_pictures(
    container: av.container.OutputContainer,
    stream: av.VideoStream,
    first: Picture,
    rest: Iterator[Picture],
    fps: int,
) -> None:
    number = 0
    picture: Picture | None = first
    while picture is not None:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
        frame.pts = number
        frame.time_base = Fraction(1, fps)
        container.mux(stream.encode(frame))
        picture = next(rest, None)
        number += 1
    container.mux(stream.encode(None))


def _write_sound(
    container: av.container.OutputContainer, stream: av.AudioStream, samples: npt.NDArray[np.float32]
) -> None:
    step = stream.codec_context.frame_size or 1024
    for start in range(0, len(samples), step):
        block = np.ascontiguousarray(samples[None, start : start + step])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate = SOUND_RATE
        frame.pts = start
        frame.time_base = Fraction(1, SOUND_RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def mix(voices: Sequence[Voice], seconds: float, folder: Path) -> npt.NDArray[np.float32]:
    """The voices at their places, mono at `SOUND_RATE`, within ±1."""
    out = np.zeros(round(seconds * SOUND_RATE), np.float32)
    for voice in voices:
        name = voice.cut.clip
        source = drawn_sound(name) if is_drawn(name) else read_sound(folder / name)
        wanted = (
            voice.cut.start + voice.cut.rate * np.arange(round(voice.seconds * SOUND_RATE)) / SOUND_RATE
        ) * SOUND_RATE
        heard = np.interp(wanted, np.arange(len(source)), source, 0, 0) if len(source) else np.zeros(len(wanted))
        if voice.noise:
            level = float(np.sqrt(np.mean(heard**2))) * voice.noise
            heard = heard + np.random.default_rng(len(heard)).standard_normal(len(heard)) * level
        at = round(voice.at * SOUND_RATE)
        room = out[at : at + len(heard)]
        room += heard[: len(room)].astype(np.float32)
    return np.clip(out, -1, 1)
