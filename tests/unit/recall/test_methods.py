import pytest

from firsthand.recall import methods
from firsthand.recall.methods import askable_methods


@pytest.fixture(params=[True, False], ids=["installed", "bare"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param and not methods.is_installed():
        pytest.skip("needs the extra sscd")
    monkeypatch.setattr(methods, "is_installed", lambda: request.param)
    return bool(request.param)


def test_the_leading_method_comes_first_then_the_better_ones(installed: bool) -> None:  # noqa: FBT001
    stored = ("pdq/1", "sscd-distilled/1", "sscd/1")
    asked = askable_methods("sscd-distilled/1", stored)
    assert asked == (("sscd-distilled/1", "sscd/1", "pdq/1") if installed else ("sscd-distilled/1", "pdq/1"))


def test_what_the_archive_lacks_or_an_older_version_made_is_not_asked_for(installed: bool) -> None:  # noqa: FBT001
    del installed
    assert askable_methods("pdq/1", ("pdq/1", "sscd/0")) == ("pdq/1",)
    assert askable_methods("pdq/1", ()) == ()
