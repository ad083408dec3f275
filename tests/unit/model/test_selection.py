import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.civil import CivilStretch
from firsthand.model.selection import Selection, can_lie_between


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024", "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("2024-12", "2024-12-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00", "2024-03-01T00:00:00+00:00"),
        ("2024-05-01T14:30", "2024-05-01T14:30:00+00:00", "2024-05-01T14:31:00+00:00"),
        ("2024-05-01T01:30:20+03:00", "2024-04-30T22:30:20+00:00", "2024-04-30T22:30:21+00:00"),
        ("9999", "9999-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_stated_time_means_all_instants_of_its_precision(text: str, low: str, high: str) -> None:
    found = CivilStretch.of(text)
    assert (found.low.isoformat(), found.high.isoformat()) == (low, high)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-02-30", "2024-05-01T25:00", "soon", "0001-01-01T00:00+05:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|must be|month|day|hour"):
        CivilStretch.of(text)


@pytest.mark.parametrize(
    ("published", "since", "until", "kept"),
    [
        ("2024", "2024-05", None, True),  # may be later in that year
        ("2024-04", "2024-05", None, False),
        ("2024-05-31", None, "2024-05", True),
        ("2024-06-01", None, "2024-05", False),
        ("2024-06-01T01:00+03:00", None, "2024-05", True),  # it was still May in UTC
        ("2023", "2022", "2024", True),
        (None, "2022", None, False),
        ("unknown", "2022", None, False),
    ],
)
def test_an_item_is_kept_where_its_date_can_lie_in_the_time(
    published: str | None,
    since: str | None,
    until: str | None,
    kept: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    assert can_lie_between(published, since, until) is kept


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28))
def test_a_coarser_date_holds_the_finer_one(year: int, month: int, day: int) -> None:
    coarse, middle, fine = (
        CivilStretch.of(f"{year:04}"),
        CivilStretch.of(f"{year:04}-{month:02}"),
        CivilStretch.of(f"{year:04}-{month:02}-{day:02}"),
    )
    assert coarse.low <= middle.low <= fine.low < fine.high <= middle.high <= coarse.high


def test_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="after 2024"):
        Selection(published_since="2024", published_until="2023-12")
    Selection(published_since="2024-05", published_until="2024")
