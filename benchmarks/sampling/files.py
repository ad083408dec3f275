"""The descriptors of a file at every instant that a sampling wants, kept in the work folder."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.sampling.instants import ADAPTIVE, FIXED, OF_QUERIES, SAMPLINGS, TODAY, Glimpses, Times, evenly, shots
from firsthand.media.observe import observe
from firsthand.media.picture import Picture
from firsthand.recall.describing import Describing, Rows
from firsthand.recall.descriptors import Described, Descriptor, Pictures
from firsthand.recall.pdq_descriptor import PdqDescriptor
from firsthand.recall.sampling import OF_QUERY, Shot
from firsthand.recall.sscd import SscdDescriptor

MODELS: Mapping[str, Callable[[], Descriptor]] = {
    "sscd-distilled": SscdDescriptor,
    "sscd": lambda: SscdDescriptor(distilled=False),
    "pdq": PdqDescriptor,
}
"""Described at all instants."""
SIDES: Mapping[str, Callable[[], Descriptor]] = {
    "sscd-distilled, 160": lambda: SscdDescriptor(side=160),
    "sscd-distilled, 224": SscdDescriptor,
    "sscd-distilled, 288": lambda: SscdDescriptor(side=288),
}
"""Described at today's instants."""
_VERSION = 1


@dataclass(slots=True)
class Timed:
    """A method that adds up the CPU seconds that describing took; for the rest as the one inside."""

    inner: Descriptor
    cpu_seconds: float = 0.0

    @property
    def method(self) -> str:
        return self.inner.method

    @property
    def model(self) -> str | None:
        return self.inner.model

    @property
    def candidate_similarity(self) -> float:
        return self.inner.candidate_similarity

    def describe(self, pictures: Pictures, *, query: bool) -> Described:
        started = time.process_time()
        described = self.inner.describe(pictures, query=query)
        self.cpu_seconds += time.process_time() - started
        return described

    def similarity(
        self,
        query: Described,
        form: npt.NDArray[np.intp],
        row: npt.NDArray[np.intp],
        codes: npt.NDArray[np.uint8],
        vectors: npt.NDArray[np.int8],
    ) -> npt.NDArray[np.float64]:
        return self.inner.similarity(query, form, row, codes, vectors)


@dataclass(frozen=True, slots=True)
class File:
    """What is kept of a file: the instants of each sampling, rows by method, and CPU seconds by what took them."""

    instants: Mapping[str, Times]
    rows: Mapping[str, Rows]
    cpu_seconds: Mapping[str, float]

    def sampled(self, name: str, method: str) -> Rows:
        """The rows at the instants of a sampling."""
        rows = self.rows[method]
        keep = np.isin(rows.times, self.instants[name])
        described = Described(rows.described.codes[:, keep], rows.described.vectors[keep])
        return Rows(rows.times[keep], rows.boxes[keep], described)


@dataclass(slots=True)
class Wanted:
    """An observer that keeps the pictures at some instants."""

    times: Times
    side: int
    kept: dict[float, npt.NDArray[np.uint8]] = field(default_factory=dict)

    def picture(self, picture: Picture) -> None:
        place = np.searchsorted(self.times, picture.time_seconds)
        if place < len(self.times) and self.times[place] == picture.time_seconds:
            self.kept[picture.time_seconds] = picture.rgb(self.side)

    def close(self) -> None:
        """There is nothing to finish."""


def described(path: Path, side: int, methods: Mapping[str, Timed], sides: Mapping[str, Timed]) -> File:
    """A file's descriptors: by all models at all instants, at all sides at today's."""
    started = time.process_time()
    looked = Glimpses()
    observe(path, [looked])
    looking = time.process_time() - started
    instants = {name: evenly(looked.every, a_second) for name, a_second in FIXED.items()}
    instants |= {name: np.concatenate(shots(looked.every, pace)) for name, pace in ADAPTIVE.items()}
    wanted = Wanted(np.unique(np.concatenate(list(instants.values()))), side)
    observe(path, [wanted])
    starts = [shot[0] for shot in shots(looked.every, OF_QUERY) if shot.size]
    rows: dict[str, Rows] = {}
    spent: dict[str, float] = {"looking": looking}
    at_sides = np.union1d(instants[TODAY], instants[OF_QUERIES])
    for methods_, among in ((methods, wanted.times), (sides, at_sides)):
        describing = Describing(list(methods_.values()), query=True)  # every form; an archive keeps the first
        before = {name: method.cpu_seconds for name, method in methods_.items()}
        for shot in np.split(among, np.searchsorted(among, starts[1:])):
            if shot.size:
                describing.shot(Shot(tuple(shot.tolist()), tuple(wanted.kept[at] for at in shot.tolist())))
        rows |= dict(zip(methods_, describing.rows(), strict=True))
        spent |= {name: method.cpu_seconds - before[name] for name, method in methods_.items()}
    return File(instants, rows, spent)


def kept(path: Path, side: int, methods: Mapping[str, Timed], sides: Mapping[str, Timed], folder: Path) -> File:
    """The same, from `folder` where it is there."""
    asked = f"{_VERSION}:{hashlib.sha256(path.read_bytes()).hexdigest()}:{side}:{FIXED}:{ADAPTIVE}"
    target = folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:24]}.npz"
    if not target.exists():
        file = described(path, side, methods, sides)
        folder.mkdir(parents=True, exist_ok=True)
        columns: dict[str, npt.NDArray[np.generic]] = {f"instants:{name}": t for name, t in file.instants.items()}
        columns |= {f"cpu:{name}": np.array(seconds) for name, seconds in file.cpu_seconds.items()}
        for name, rows in file.rows.items():
            columns |= {f"times:{name}": rows.times, f"boxes:{name}": rows.boxes}
            columns |= {f"codes:{name}": rows.described.codes, f"vectors:{name}": rows.described.vectors}
        partial = target.with_suffix(".partial.npz")
        np.savez_compressed(partial, **columns)  # type: ignore[arg-type] - names are no options of its
        partial.replace(target)
    with np.load(target) as stored:
        columns = dict(stored)
    return File(
        {name: columns[f"instants:{name}"] for name in SAMPLINGS},
        {
            name: Rows(
                columns[f"times:{name}"],
                columns[f"boxes:{name}"],
                Described(columns[f"codes:{name}"], columns[f"vectors:{name}"]),
            )
            for name in (*methods, *sides)
        },
        {name.removeprefix("cpu:"): float(value) for name, value in columns.items() if name.startswith("cpu:")},
    )
