"""What opening and asking cost, measured in a process of its own that does nothing else."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scale.archive import first_rows, whole
from benchmarks.scale.described import Described, load
from firsthand.recall.candidates import item_lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described as Forms
from firsthand.recall.sscd import SscdDescriptor
from firsthand.store.layout import Layout

FIRST_PASS = 200
SECOND_PASS = 8 * 61
"""Descriptors of a 60-second query: its pictures; and the windows of the second look."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one size costs.

    Attributes:
        size: rows searched.
        open_seconds: wall time from nothing to an index, all items of the archive.
        scan_milliseconds: core time a descriptor, scan alone.
        first_pass_seconds: core time of `FIRST_PASS` descriptors: scan, rerank and vote.
        both_passes_seconds: the same with `SECOND_PASS` more.
        resident_megabytes: the most that was resident, the program and mapped pages among it.
        anonymous_megabytes: what of it the system could not take back.
    """

    size: int
    open_seconds: float
    scan_milliseconds: float
    first_pass_seconds: float
    both_passes_seconds: float
    resident_megabytes: float
    anonymous_megabytes: float


def cost(layout: Layout, rows: int, queries: Path) -> Cost:
    """The cost of the first `rows` rows, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.scale.cost", str(layout.folder), str(rows), str(queries)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 (ourselves)
    return Cost(**json.loads(done.stdout))


def _measured(layout: Layout, rows: int, queries: Described) -> Cost:
    began = time.perf_counter()
    index = whole(layout)
    opened = time.perf_counter() - began
    if rows < index.size:
        index = first_rows(index, rows)
    first, second = _query(queries, 0, FIRST_PASS), _query(queries, FIRST_PASS, SECOND_PASS)
    descriptor = SscdDescriptor()
    index.nearest(
        first.described.codes[0][:2], 96
    )  # the system has the codes at hand, as on a desk that was asked before
    began = time.process_time()
    index.nearest(first.described.codes[0], 96)
    scan = time.process_time() - began
    began = time.process_time()
    item_lines(first, descriptor, index)
    once = time.process_time() - began
    item_lines(second, descriptor, index)
    both = time.process_time() - began
    status = _status()
    return Cost(
        index.size,
        opened,
        1000 * scan / FIRST_PASS,
        once,
        both,
        status["VmHWM"] / 1024,
        status["RssAnon"] / 1024,
    )


def _query(queries: Described, start: int, count: int) -> Rows:
    """Pictures of a query, two or three a second."""
    places = np.arange(start, start + count) % len(queries.times)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1))
    return Rows(np.arange(count) * 0.3, boxes, Forms(queries.codes[places][None], queries.vectors[places]))


def _status() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}


if __name__ == "__main__":
    found = _measured(Layout(Path(sys.argv[1])), int(sys.argv[2]), load(Path(sys.argv[3])))
    print(json.dumps({name: getattr(found, name) for name in Cost.__slots__}))
