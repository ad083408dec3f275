"""Run by the interpreter that has vpdq: hashes the files that a JSON list names, prints their features and the cost."""

import json
import resource
import sys
from pathlib import Path

import vpdq  # type: ignore[import-not-found, unused-ignore]  # of another environment


def _features(path: str, seconds_per_hash: float) -> list[list[object]]:
    try:
        found = vpdq.computeHash(path, seconds_per_hash=seconds_per_hash, thread_count=1)
    except Exception as problem:  # noqa: BLE001 - a C++ library that raises whatever it likes
        print(f"{path}: {problem}", file=sys.stderr)
        return []
    return [[feature.hex, feature.quality, feature.timestamp] for feature in found]


def main() -> None:
    """Hashes and prints."""
    job = json.loads(Path(sys.argv[1]).read_text())
    features = [_features(path, job["seconds_per_hash"]) for path in job["paths"]]
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"features": features, "cpu_seconds": used.ru_utime + used.ru_stime}))


if __name__ == "__main__":
    main()
