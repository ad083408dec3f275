import pytest

from firsthand.desk.report.limits import limits_of


@pytest.mark.parametrize("method", ["sscd/1", "sscd-distilled/2", "pdq/1", "local/1", "landmarks/1"])
def test_every_method_we_have_states_its_limits(method: str) -> None:
    assert "pass" in limits_of(method)


def test_a_method_that_is_not_known_here_says_so() -> None:
    assert "not described" in limits_of("another/9")
