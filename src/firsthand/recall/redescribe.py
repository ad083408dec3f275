"""A medium described once more, by one method: its facts and its review track are there already."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from firsthand.media.allowance import reading_limits
from firsthand.media.decoding import Decoding
from firsthand.media.observe import observe
from firsthand.model.fingerprint import Fingerprint
from firsthand.recall.describing import Describing, Rows
from firsthand.recall.methods import descriptor
from firsthand.recall.reading import ITEM_PANEL_SECONDS, SAMPLE_SIDE
from firsthand.recall.sampling import OF_ITEM, Sampler
from firsthand.sandbox.call import call


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    method: str


@dataclass(frozen=True, slots=True)
class _Described:
    method: str
    model: str | None
    rows: Rows


def _describe(request: _Request, report: Callable[[float], None]) -> _Described:
    cv2.setNumThreads(1)  # several children share the machine
    by = descriptor(request.method)
    describing = Describing([by], query=False, panel_seconds=ITEM_PANEL_SECONDS)
    sampler = Sampler(describing.shot, OF_ITEM, longest_side=SAMPLE_SIDE)
    observe(request.path, [sampler], decoding=Decoding.LEAN, on_progress=report)
    (rows,) = describing.rows()
    return _Described(by.method, by.model, rows)


def redescribe(path: Path, method: str, *, on_progress: Callable[[float], None] | None = None) -> Fingerprint:
    """The fingerprint of the medium at `path` by a method, made in a sandboxed child.

    Raises:
        InputError: it could not be read.
    """
    made = call(_describe, _Request(path, method), _Described, limits=reading_limits(path), on_progress=on_progress)
    rows = made.rows
    return Fingerprint(made.method, made.model, rows.times, rows.boxes, rows.described.codes[0], rows.described.vectors)
