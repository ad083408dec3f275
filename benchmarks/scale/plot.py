"""The growth of cost as a picture: two axes in powers of ten, drawn by hand as SVG."""

import math
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.scale.cost import Cost

_WIDTH, _HEIGHT, _MARGIN = 720, 420, 64
_SECONDS = (0.01, 100.0)
_GOALS = ((3.0, "goal of the first pass: 3"), (15.0, "goal with the second look: 15"))
_LINES = (
    ("#1b5e9c", "first pass, 200 pictures", "first_pass_seconds"),
    ("#b3541e", "with the second look, 488 windows more", "both_passes_seconds"),
)


def draw(costs: Sequence[Cost], path: Path) -> None:
    """Core seconds of a 60-second query against rows of the archive."""
    smallest, largest = costs[0].size, costs[-1].size

    def x(size: float) -> float:
        share = math.log(size / smallest) / math.log(largest / smallest)
        return _MARGIN + share * (_WIDTH - 2 * _MARGIN)

    def y(seconds: float) -> float:
        share = math.log(seconds / _SECONDS[0]) / math.log(_SECONDS[1] / _SECONDS[0])
        return _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)

    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-size="13">',
        "<style>text { font-family: sans-serif }</style>",
        '<rect width="100%" height="100%" fill="white"/>',
        _text(_WIDTH / 2, 24, "Core seconds of a 60-second query as the archive grows", "middle"),
        _text(_WIDTH / 2, _HEIGHT - 16, "pictures in the archive", "middle"),
    ]
    for power in range(-2, 3):
        made += [
            _level(y(10**power), "#ddd"),
            _text(_MARGIN - 8, y(10**power) + 4, f"{10**power:g}", "end"),
        ]
    for cost in costs:
        made.append(_text(x(cost.size), _HEIGHT - _MARGIN + 20, f"{cost.size:,}", "middle"))
    for seconds, name in _GOALS:
        made += [
            _level(y(seconds), "#888", "4 4"),
            _text(_MARGIN + 6, y(seconds) - 5, name, "start"),
        ]
    for place, (colour, name, field) in enumerate(_LINES):
        points = " ".join(f"{x(cost.size):.1f},{y(getattr(cost, field)):.1f}" for cost in costs)
        made.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        made += [
            f'<circle cx="{x(cost.size):.1f}" cy="{y(getattr(cost, field)):.1f}" r="4" fill="{colour}"/>'
            for cost in costs
        ]
        made.append(_text(_MARGIN + 30, 60 + 20 * place, name, "start", colour))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*made, "</svg>"]) + "\n")


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _level(y: float, colour: str, dashes: str = "none") -> str:
    return (
        f'<line x1="{_MARGIN}" y1="{y:.1f}" x2="{_WIDTH - _MARGIN}" y2="{y:.1f}" stroke="{colour}" '
        f'stroke-dasharray="{dashes}"/>'
    )
