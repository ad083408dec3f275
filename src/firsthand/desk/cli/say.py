"""Standard output: a document for programs, or lines for people."""

import sys
from collections.abc import Sequence

import msgspec

from firsthand.desk.documents.encode import to_json
from firsthand.desk.report.visible import visible


def document(made: msgspec.Struct) -> None:
    """One JSON document, with line breaks where a person watches; always UTF-8."""
    _bytes(to_json(made, pretty=sys.stdout.isatty()))


def record(made: msgspec.Struct) -> None:
    """One line of JSON, handed on at once."""
    _bytes(to_json(made, pretty=False))


def line(text: str) -> None:
    """One line for people, with what is hidden in it written out."""
    print(visible(text, 4096), flush=True)  # noqa: T201


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
    """Rows as columns; those in `right` are set flush right."""
    shown = [[visible(cell, 4096) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())  # noqa: T201


def _bytes(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()
