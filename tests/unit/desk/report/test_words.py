"""Promise 5: the program never passes a verdict."""

import ast
import re
from importlib.resources import files

import pytest

VERDICTS = re.compile(
    r"\b(true|truth\w*|false\w*|fakes?|faked|authentic\w*|staged|tamper\w*|suspicious\w*|genuine\w*|manipulat\w*"
    r"|doctored|forged|forger\w*|hoax\w*|debunk\w*|misleading|original\w*|cleared|verdict)\b",
    re.IGNORECASE,
)
PACKAGE = files("firsthand.desk.report")


def strings(source: str) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("name", sorted(entry.name for entry in PACKAGE.iterdir() if entry.name.endswith(".py")))
def test_no_sentence_passes_a_verdict(name: str) -> None:
    source = PACKAGE.joinpath(name).read_text(encoding="utf-8")
    assert [text for text in strings(source) if VERDICTS.search(text)] == []


@pytest.mark.parametrize("name", sorted(entry.name for entry in PACKAGE.joinpath("templates").iterdir()))
def test_no_template_passes_a_verdict(name: str) -> None:
    text = PACKAGE.joinpath("templates", name).read_text(encoding="utf-8")
    assert VERDICTS.findall(text) == []


@pytest.mark.parametrize("name", ["report.html", "match.html", "timeline.html", "report.css"])
def test_templates_are_shipped_with_the_package(name: str) -> None:
    assert PACKAGE.joinpath("templates", name).is_file()
