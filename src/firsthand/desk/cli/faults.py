"""What went wrong in a command: said at once, and remembered for the document and the exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from firsthand.archive.outcome import Refused
from firsthand.desk.documents.common import Problem
from firsthand.desk.documents.from_archive import path_text
from firsthand.desk.report.visible import visible
from firsthand.errors import FirsthandError


@dataclass(slots=True)
class Faults:
    """Grows while a command runs; `exit_code` is the worst so far, `refusals` counts the inputs that failed."""

    problems: list[Problem] = field(default_factory=list)
    exit_code: int = 0
    refusals: int = 0

    def refused(self, one: Refused) -> None:
        """An input could not be used."""
        self.refusals += 1
        self._add(one.path, one.error, one.reason)

    @contextmanager
    def caught(self, path: str, kind: type[FirsthandError] = FirsthandError) -> Iterator[None]:
        """Run a block that an error of ours about `path` ends."""
        try:
            yield
        except kind as error:
            self._add(path, error, str(error).removeprefix(f"{path}: "))

    def _add(self, path: str, error: FirsthandError, reason: str) -> None:
        self.problems.append(Problem(path_text(path), error.code, path_text(reason)))
        self.exit_code = max(self.exit_code, error.exit_code)
        sentence = reason if reason.startswith(path) else f"{path}: {reason}"
        print(f"firsthand: {visible(sentence, 4096)}", file=sys.stderr)  # noqa: T201
