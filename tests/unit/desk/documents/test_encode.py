import json

import msgspec
import pytest

from firsthand.desk.documents.check import CheckDocument, Thing
from firsthand.desk.documents.common import Problem
from firsthand.desk.documents.encode import to_json

DOCUMENT = CheckDocument(
    version="0.1.0",
    errors=[Problem("é.mp4", "empty-file", "é.mp4: expected bytes, got none")],
    searched=None,
    things=[Thing("é.mp4", None, None, None)],
)


@pytest.mark.parametrize("pretty", [True, False])
def test_a_document_comes_back_as_it_was(pretty: bool) -> None:  # noqa: FBT001
    assert msgspec.json.decode(to_json(DOCUMENT, pretty=pretty), type=CheckDocument) == DOCUMENT


def test_what_is_absent_is_null_and_the_schema_is_always_there() -> None:
    read = json.loads(to_json(DOCUMENT, pretty=False))
    assert read["schema"] == "firsthand.check/1"
    assert read["things"][0]["match"] is None
    assert read["searched"] is None


def test_pretty_breaks_lines_and_plain_is_one() -> None:
    assert to_json(DOCUMENT, pretty=False).count("\n") == 0
    assert to_json(DOCUMENT, pretty=True).startswith('{\n  "schema"')


def test_letters_stay_letters() -> None:
    assert "é.mp4" in to_json(DOCUMENT, pretty=False)
