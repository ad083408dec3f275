from collections.abc import Callable

import msgspec

from firsthand.desk.documents.match import Match, Query, Segment
from firsthand.desk.report.recurrence import recurrence_sentences, surest


def matched(query: Callable[..., Query], confidence: float, *segments: Segment) -> Match:
    return msgspec.structs.replace(query().matches[0], confidence=confidence, segments=list(segments))


def test_what_recurs_is_told_with_the_number_of_items_and_put_back(
    query: Callable[..., Query], segment: Callable[..., Segment]
) -> None:
    match = matched(query, 0.22, segment(query=(6.0, 10.0), recurs_in_items=60))
    told, order = recurrence_sentences(match)
    assert "recurs in at least 60 items of the archive" in told
    assert "0:06" in told
    assert "listed first" in order
    assert surest(match) == 0.991


def test_beside_rarer_footage_a_card_puts_nothing_back(
    query: Callable[..., Query], segment: Callable[..., Segment]
) -> None:
    match = matched(query, 0.991, segment(), segment(query=(6.0, 10.0), confidence=0.9, recurs_in_items=12))
    assert len(recurrence_sentences(match)) == 1


def test_a_jingle_is_told_as_sound(query: Callable[..., Query], segment: Callable[..., Segment]) -> None:
    match = matched(query, 0.3, segment(channel="sound", recurs_in_items=9))
    assert recurrence_sentences(match)[0].startswith("The sound at")


def test_nothing_is_said_of_what_does_not_recur(query: Callable[..., Query], segment: Callable[..., Segment]) -> None:
    assert recurrence_sentences(matched(query, 0.991, segment())) == ()
