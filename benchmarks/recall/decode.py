"""`python -m benchmarks.recall.decode FILE…`: CPU seconds of a bare single-thread decode of the pictures."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import av

from benchmarks.recall.clips import VIDEOS
from benchmarks.recall.measure import run


def decode_cpu_seconds(paths: Sequence[Path], folder: Path) -> float:
    """The same, in a process of its own."""
    videos = [str(path.resolve()) for path in paths if path.suffix.lower() in VIDEOS]
    done = run([sys.executable, "-m", "benchmarks.recall.decode", *videos], folder)
    if done.code:
        raise RuntimeError(f"expected the files to decode, got: {done.complaint}")
    return float(done.output)


def _decode(path: str) -> None:
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for _ in container.decode(stream):
            pass


def main() -> None:
    """Decodes the files named on the command line and prints the CPU seconds."""
    started = time.process_time()
    for path in sys.argv[1:]:
        _decode(path)
    print(time.process_time() - started)


if __name__ == "__main__":
    main()
