"""What a made video consists of: shots of layered cuts, edits and voices. A plan is data: it is hashed and stored."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RENDERER = 1
"""Raised whenever the same plan would be rendered to other pictures or sound."""

type Fit = Literal["cover", "contain"]
type BoxFractions = tuple[float, float, float, float]

FULL: BoxFractions = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to every picture, by name and numbers."""

    name: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a clip: `start` is the clip's second at the first frame, `rate` clip seconds per made second."""

    clip: str
    start: float
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Layer:
    """A cut, edited and placed in a box of the canvas (fractions: left, top, width, height)."""

    cut: Cut
    edits: tuple[Edit, ...] = ()
    box: BoxFractions = FULL
    fit: Fit = "cover"


@dataclass(frozen=True, slots=True)
class Shot:
    """Layers shown together for a whole number of frames, the last one on top."""

    frames: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Sound of a clip that starts `at` made seconds and lasts `seconds` of them.

    `noise` is the level of added white noise relative to the voice (0.0: none, 1.0: 0 dB).
    """

    cut: Cut
    at: float
    seconds: float
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A video, still or sound to make; `width` and `height` are the canvas before `edits`."""

    kind: Literal["video", "image", "sound"]
    width: int
    height: int
    fps: int
    quality: int
    shots: tuple[Shot, ...]
    edits: tuple[Edit, ...] = ()
    voices: tuple[Voice, ...] = ()

    @property
    def seconds(self) -> float:
        """Its length; a still has none."""
        if self.kind == "image":
            return 0.0
        pictures = sum(shot.frames for shot in self.shots) / self.fps
        return max([pictures, *(voice.at + voice.seconds for voice in self.voices)])

    @property
    def suffix(self) -> str:
        """The ending of its file's name."""
        return {"video": ".mp4", "image": ".jpg", "sound": ".m4a"}[self.kind]

    def digest(self) -> str:
        """Twelve hexadecimal digits that name this plan and the renderer's version."""
        text = json.dumps([RENDERER, dataclasses.asdict(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
