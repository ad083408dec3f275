"""How far the work is, on standard error."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from firsthand.desk.cli.amounts import clock, count, size
from firsthand.desk.report.visible import visible

type Show = Callable[[float], None]
"""Shows how many bytes are done."""

_SECONDS_BETWEEN_LINES = 10.0
_TELLING_SHARE = 0.02  # before it, an estimate of the time left is a guess


@dataclass(slots=True)
class Progress:
    """How much of some files is done, told in shares of their sizes; called from several threads."""

    sizes: Mapping[str, int]
    show: Show
    _done: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reading(self, path: str, fraction: float) -> None:
        """The share of a file that has been read, from 0 to 1."""
        with self._lock:
            self._done[path] = min(1.0, fraction) * self.sizes.get(path, 0)
            self.show(sum(self._done.values()))


@contextmanager
def progress(sizes: Mapping[str, int], *, quiet: bool) -> Iterator[Progress]:
    """A bar on a terminal, plain lines elsewhere, nothing where quiet is asked for; `sizes` are bytes by path."""
    if quiet or not sizes:
        yield Progress(sizes, lambda _done: None)
    elif sys.stderr.isatty():
        with _bar(sum(sizes.values())) as show:
            yield Progress(sizes, show)
    else:
        yield Progress(sizes, _lines(sizes))


@contextmanager
def _bar(total_bytes: int) -> Iterator[Show]:
    from rich.console import Console  # noqa: PLC0415 (heavy, and needed only on a terminal)
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("reading"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty(), transient=True) as bar:
        task = bar.add_task("reading", total=total_bytes)
        yield lambda done: bar.update(task, completed=done)


def _lines(sizes: Mapping[str, int]) -> Show:
    total = sum(sizes.values())
    began = last = time.monotonic()
    _say(f"reading {count(len(sizes), 'file')}, {size(total)}")

    def show(done: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES or not done:
            return
        last = now
        share = done / total
        left = f", about {clock((now - began) * (1 - share) / share)} left" if share >= _TELLING_SHARE else ""
        _say(f"{share:.0%} read{left}")

    return show


def _say(text: str) -> None:
    print(f"firsthand: {visible(text)}", file=sys.stderr, flush=True)  # noqa: T201
