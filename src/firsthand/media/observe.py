"""One pass over a medium that shows every presented picture to all who look."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from firsthand.media.budget import Budget
from firsthand.media.container import read_container
from firsthand.media.decoding import Decoding
from firsthand.media.formats import identify
from firsthand.media.observer import Listener, Observer
from firsthand.media.still import read_still
from firsthand.model.item import Facts, Kind


def observe(
    path: Path,
    observers: Sequence[Observer] = (),
    *,
    listeners: Sequence[Listener] = (),
    decoding: Decoding = Decoding.FULL,
    budget: Budget | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Facts:
    """What reading the medium to its end shows; nothing is decoded twice. Untrusted files: inside the sandbox only.

    All observers and listeners are closed at the end, also where reading failed. A file that breaks off keeps what
    could be read, and `Facts.problem` says where it broke.

    Args:
        path: a regular file.
        observers: see each presented picture in order; a still image is one picture at time 0.
        listeners: hear its main sound; without any, only the beginning of it is decoded.
        decoding: how much of a video is decoded; observers see no more than that.
        budget: bounds on pixels and frames.
        on_progress: hears the share of the file that was read.

    Raises:
        MissingPathError, EmptyFileError, UnsupportedFormatError, UnreadableMediaError: as `identify`, and where
            nothing can be decoded.
        LimitExceededError: it goes beyond the budget.
    """
    bounds = budget or Budget()
    with ExitStack() as closing:
        for observer in observers:
            closing.callback(observer.close)
        for listener in listeners:
            closing.callback(listener.close)
        known = identify(path)
        if known.kind_hint is Kind.IMAGE:
            return read_still(path, known, observers, bounds)
        return read_container(
            path,
            known,
            observers,
            listeners=listeners,
            decoding=decoding,
            budget=bounds,
            report=on_progress or (lambda _fraction: None),
        )
