from collections.abc import Callable
from typing import Any

import pytest


def test_a_search_is_kept_to_kinds_and_dates_and_says_so(
    firsthand: Callable[..., Any], picture: Callable[..., str]
) -> None:
    firsthand("add", picture("a.png", 1), "--published", "2020-05", "--quiet")
    firsthand("add", picture("b.png", 2), "--quiet")
    asked = picture("a.png", 1)
    searched = firsthand("match", asked, "--published-until", "2020", "--kind", "image", "--json").document["searched"]
    assert (searched["items"], searched["kinds"], searched["undated_left_out"]) == (1, ["image"], 1)
    assert (searched["published_since"], searched["published_until"]) == (None, "2020")
    later = firsthand("match", asked, "--published-since", "2021")
    assert "published since 2021 (1 item without a stated date left out)" in later.out
    everything = firsthand("match", asked, "--kind", "video", "--json").document
    assert everything["searched"]["items"] == 0
    assert everything["searched"]["undated_left_out"] is None
    assert everything["queries"][0]["matches"] == []


def test_dates_in_the_wrong_order_are_wrong_usage(firsthand: Callable[..., Any], picture: Callable[..., str]) -> None:
    ended = firsthand("match", picture(), "--published-since", "2024", "--published-until", "2020")
    assert ended.code == 2
    assert "--published-until" in ended.err


@pytest.mark.parametrize("command", [("match", "a.png"), ("check", "a.png"), ("archive", "ls")])
def test_a_collection_that_no_item_belongs_to_is_wrong_usage_and_those_that_there_are_are_told(
    firsthand: Callable[..., Any], picture: Callable[..., str], command: tuple[str, ...]
) -> None:
    assert firsthand(*command[:1], *command[1:], "--collection", "oddessa").code == 3  # there is no archive yet
    firsthand("add", picture(), "--collection", "odesa", "--quiet")
    ended = firsthand(*command, "--collection", "oddessa")
    assert ended.code == 2
    assert ended.err.strip().endswith("expected a collection of the archive (odesa), got 'oddessa'")
    assert firsthand(*command, "--collection", "odesa").code == 0
