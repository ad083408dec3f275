"""The table of systems."""

from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.recall.peers import firsthand, signature, sscd, vpdq
from benchmarks.recall.prediction import Outcome
from benchmarks.recall.queries import Benchmark

type System = Callable[[Benchmark, Path], Outcome]

SYSTEMS: Mapping[str, System] = {
    "firsthand": lambda b, work: firsthand.ask(b, work, name="firsthand", environment={}),
    "firsthand-floor": lambda b, work: firsthand.ask(
        b, work, name="firsthand-floor", environment={"FIRSTHAND_METHOD": "pdq"}
    ),
    "vpdq": lambda b, work: vpdq.ask(b, work, name="vpdq", seconds_per_hash=1.0),
    "signature": lambda b, work: signature.ask(b, work, name="signature"),
    "sscd": lambda b, work: sscd.ask(b, work, name="sscd", fps=1.0),
    "sscd-2fps": lambda b, work: sscd.ask(b, work, name="sscd-2fps", fps=2.0),
    "vpdq-5fps": lambda b, work: vpdq.ask(b, work, name="vpdq-5fps", seconds_per_hash=0.2),
}
DEFAULT = ("firsthand", "firsthand-floor", "vpdq", "signature", "sscd", "sscd-2fps")
