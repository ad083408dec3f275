"""One pass over a medium: its facts, its descriptors, its sound and its review tracks, made in a sandboxed child."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.allowance import reading_limits
from firsthand.media.decoding import Decoding
from firsthand.media.observe import observe
from firsthand.media.review import ReviewWriter
from firsthand.media.sound_review import RAW_SUFFIX, SUFFIX, RawSoundWriter, SoundReviewWriter
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Kind
from firsthand.model.reading import Reading
from firsthand.model.sound import SoundPrint
from firsthand.recall.describing import Describing, Rows
from firsthand.recall.landmarks import Landmarks, sound_print
from firsthand.recall.methods import chosen_method, descriptor, stored_methods
from firsthand.recall.sampling import OF_ITEM, OF_QUERY, Sampler
from firsthand.sandbox.call import call

SAMPLE_SIDE = 448
_ITEM_REVIEW_SIDE = 320
_QUERY_SIDE = 640
ITEM_PANEL_SECONDS = 3.0
HEAVY = ("av", "cv2", "firsthand.recall.reading", "firsthand.recall.sound_verify", "firsthand.recall.verifying")
"""Modules worth importing once, before children are started."""


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    scratch: Path
    methods: tuple[str, ...]
    query: bool
    decoding: Decoding
    sound: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of a query: its peaks as in `landmarks.Peaks`, its length, and the name of its track."""

    frames: npt.NDArray[np.float64]
    steps: npt.NDArray[np.float64]
    seconds: float
    track: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a child answers: rows by method, in the order asked; an item's sound or a query's, where there is any."""

    facts: Facts
    methods: tuple[str, ...]
    models: tuple[str | None, ...]
    rows: tuple[Rows, ...]
    review: str | None
    samples: tuple[float, ...]
    flat: tuple[float, ...]
    heard: Heard | None = None
    sound: SoundPrint | None = None
    sound_review: str | None = None


def _read(request: _Request, report: Callable[[float], None]) -> Read:
    cv2.setNumThreads(1)  # several children share the machine
    descriptors = [descriptor(name) for name in request.methods]
    describing = Describing(descriptors, request.query, _panel_seconds(request))
    review = request.scratch / "review"
    side = _QUERY_SIDE if request.query else _ITEM_REVIEW_SIDE
    writer = ReviewWriter(review, longest_side=side)
    sampler = Sampler(
        describing.shot,
        OF_QUERY if request.query else OF_ITEM,
        longest_side=_QUERY_SIDE if request.query else SAMPLE_SIDE,
        glance_side=side,
    )
    landmarks, track = Landmarks(), request.scratch / f"sound{RAW_SUFFIX if request.query else SUFFIX}"
    listeners = [landmarks, RawSoundWriter(track) if request.query else SoundReviewWriter(track)]
    facts = observe(
        request.path,
        [writer, sampler],
        listeners=listeners if request.sound else (),
        decoding=request.decoding,
        on_progress=report,
    )
    if review.exists():
        review = review.rename(review.with_suffix(".webp" if facts.kind is Kind.IMAGE else ".webm"))
    return Read(
        facts=facts,
        methods=tuple(one.method for one in descriptors),
        models=tuple(one.model for one in descriptors),
        rows=describing.rows(),
        review=review.name if review.exists() else None,
        samples=tuple(describing.samples),
        flat=tuple(describing.flat),
        heard=_heard(landmarks, track) if request.query and track.exists() else None,
        sound=None if request.query else sound_print(landmarks),
        sound_review=None if request.query or not track.exists() else track.name,
    )


def _panel_seconds(request: _Request) -> float:
    if request.query:
        return 0.0
    return inf if request.decoding is Decoding.FAST else ITEM_PANEL_SECONDS


def _heard(landmarks: Landmarks, track: Path) -> Heard:
    peaks = landmarks.peaks(query=True)
    return Heard(peaks.frames, peaks.steps, landmarks.seconds, track.name)


def read_medium(
    path: Path, scratch: Path, *, fast: bool = False, on_progress: Callable[[float], None] | None = None
) -> Reading:
    """What an archive keeps of the medium at `path`; the review file is made in the folder `scratch`.

    Raises:
        InputError: it could not be read.
    """
    decoding = Decoding.FAST if fast else Decoding.LEAN
    request = _Request(path, scratch, stored_methods(chosen_method()), query=False, decoding=decoding, sound=True)
    read = call(_read, request, Read, limits=reading_limits(path), on_progress=on_progress)
    fingerprints = tuple(
        Fingerprint(method, model, rows.times, rows.boxes, rows.described.codes[0], rows.described.vectors)
        for method, model, rows in zip(read.methods, read.models, read.rows, strict=True)
    )
    return Reading(
        read.facts,
        fingerprints,
        scratch / read.review if read.review else None,
        read.sound,
        scratch / read.sound_review if read.sound_review else None,
    )


def read_query(
    path: Path,
    scratch: Path,
    *,
    methods: tuple[str, ...],
    sound: bool = True,
    on_progress: Callable[[float], None] | None = None,
) -> Read:
    """What is asked of an archive for the medium at `path`; its sound is left alone unless `sound` asks for it.

    Raises:
        InputError: it could not be read.
    """
    request = _Request(path, scratch, methods, query=True, decoding=Decoding.FULL, sound=sound)
    return call(_read, request, Read, limits=reading_limits(path), on_progress=on_progress)
