"""The levels that show a stretch of shared sound, taken from the sound tracks in a sandboxed child."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.media.observer import HERTZ
from firsthand.media.sound_stretch import read_stretch
from firsthand.model.sound import LevelPair
from firsthand.recall.segments import Found
from firsthand.recall.sound_verify import SoundTrack
from firsthand.sandbox.call import call

_COLUMNS = 240
_MOST_SECONDS = 120.0
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Request:
    query: SoundTrack
    item: SoundTrack
    spans: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    pairs: tuple[LevelPair, ...]


def level_pairs(query: SoundTrack, item: SoundTrack, found: Sequence[Found]) -> tuple[LevelPair, ...]:
    """The levels of both sides over each of the first segments of sound `found` of one item, in their order.

    Raises:
        InputError: a track could not be read.
    """
    spans = tuple(_spans(one) for one in found[:_MOST_SHOWN])
    return call(_show, _Request(query, item, spans), _Shown).pairs if spans else ()


def _spans(found: Found) -> tuple[float, float, float, float]:
    """Start and end in query and archive, of the first two minutes at most."""
    segment = found.segment
    share = min(1.0, _MOST_SECONDS / max(1e-3, float(segment.query.duration)))
    start, there = float(segment.query.start), float(segment.archive.start)
    return start, start + share * float(segment.query.duration), there, there + share * float(segment.archive.duration)


def _show(request: _Request, report: Callable[[float], None]) -> _Shown:  # noqa: ARG001
    return _Shown(
        tuple(
            LevelPair(
                (start, end),
                (low, high),
                _levels(read_stretch(request.query.path, start, end)),
                _levels(read_stretch(request.item.path, low, high)),
            )
            for start, end, low, high in request.spans
        )
    )


def _levels(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The loudest sample of each of `_COLUMNS` equal parts, the loudest of all being 1."""
    size = max(1, len(samples) // _COLUMNS)
    whole = np.zeros(_COLUMNS * size, np.float32)
    used = samples[: len(whole)]
    whole[: len(used)] = np.abs(used)
    levels: npt.NDArray[np.float32] = whole.reshape(_COLUMNS, size).max(axis=1)
    return (levels / max(1 / HERTZ, float(levels.max()))).astype(np.float32)
