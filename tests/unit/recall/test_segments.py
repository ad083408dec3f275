"""Verified overlaps as segments, each once."""

from dataclasses import replace

import numpy as np
import pytest

from firsthand.model.box import WHOLE
from firsthand.model.item import Facts, Kind
from firsthand.model.match import Alignment, Channel, Segment
from firsthand.model.span import Span
from firsthand.recall.agree import Agreement
from firsthand.recall.align import Candidates, Line
from firsthand.recall.candidates import ItemLine
from firsthand.recall.register import Registration
from firsthand.recall.segments import Found, covered, found, without_repeats
from firsthand.recall.still import StillAgreement
from firsthand.recall.verifying import Verified

VIDEO = Facts(Kind.VIDEO, "mp4", 10.0, 320, 180, 250, "h264", None)
IMAGE = Facts(Kind.IMAGE, "png", None, 320, 180, 1, "png", None)
REGISTRATION = Registration(np.eye(3), False, 0.0, 80, (40, 40))
MOVES = Agreement(
    alignment=Alignment(1.0, 20.0),
    matrix=np.eye(3),
    region=WHOLE,
    confined=False,
    share=1.0,
    detail=0.95,
    start=1.0,
    end=6.0,
    motion=0.95,
    prominence=0.6,
    picture=0.97,
    moving=20.0,
    frames=50,
)
INSTANT = StillAgreement(
    query=(0.0, 0.0), archive=(31.0, 31.4), instant=(0.0, 31.2), motion=0.95, prominence=0.5, picture=0.98, share=1.0
)
UNMOVED = replace(INSTANT, motion=None, prominence=None, picture=1.0)


def item_line(key: int = 4) -> ItemLine:
    times = np.array([1.0, 2.0, 3.0])
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (3, 1))
    support = Candidates(times, times + 20, np.full(3, 0.9), boxes, boxes, np.ones(3))
    return ItemLine(key, "sscd/1", Line(Alignment(1.0, 20.0), 2.1, support))


def moving(**changes: object) -> Verified:
    return Verified(REGISTRATION, replace(MOVES, **changes), None, ((2.0, 22.0, 40), (4.0, 24.0, 40)))


def stands(query: StillAgreement, registration: Registration = REGISTRATION) -> Verified:
    return Verified(registration, None, query, ((*query.instant, 40),))


def seconds(span: Span) -> tuple[float, float]:
    return float(span.start), float(span.end)


def test_a_segment_has_both_stretches_and_the_rate_between_them() -> None:
    one = found(item_line(), moving(alignment=Alignment(1.5, 20.0)), VIDEO, 60.0, 1000)
    assert (one.key, one.segment.method, one.segment.channel) == (4, "sscd/1", Channel.PICTURE)
    assert seconds(one.segment.query) == (1.0, 6.0)
    assert seconds(one.segment.archive) == (21.5, 29.0)
    assert one.segment.rate == 1.5
    assert one.segment.query_box == one.segment.archive_box == WHOLE
    assert [(pair.query, pair.archive, pair.inliers) for pair in one.segment.evidence] == [(2, 22, 40), (4, 24, 40)]


def test_footage_that_runs_backwards_has_its_archive_stretch_from_low_to_high() -> None:
    one = found(item_line(), moving(alignment=Alignment(-1.0, 30.0)), VIDEO, 60.0, 1000)
    assert seconds(one.segment.archive) == (24.0, 29.0)
    assert one.segment.rate == -1.0


def test_times_stay_within_both_media() -> None:
    one = found(item_line(), moving(start=-0.2, end=10.3), VIDEO, 26.0, 1000)
    assert seconds(one.segment.query) == (0.0, 10.0)
    assert seconds(one.segment.archive) == (20.0, 26.0)
    early = found(item_line(), moving(alignment=Alignment(1.0, -2.0)), VIDEO, 60.0, 1000)
    assert seconds(early.segment.archive) == (0.0, 4.0)


def test_a_still_has_an_instant_on_its_side_and_no_rate() -> None:
    asked = found(item_line(), stands(INSTANT), IMAGE, 60.0, 1000)
    assert seconds(asked.segment.query) == (0.0, 0.0)
    assert seconds(asked.segment.archive) == (31.0, 31.4)
    assert asked.segment.rate is None
    shown = replace(UNMOVED, query=(2.0, 4.0), archive=(0.0, 0.0), instant=(3.0, 0.0))
    held = found(item_line(), stands(shown), VIDEO, None, 1000)
    assert seconds(held.segment.query) == (2.0, 4.0)
    assert seconds(held.segment.archive) == (0.0, 0.0)
    assert held.segment.rate is None


def test_clear_agreement_is_listed_and_little_is_not() -> None:
    assert found(item_line(), moving(), VIDEO, 60.0, 1000).listed
    unlike = replace(REGISTRATION, inliers=10, inliers_of_pairs=(5, 5))
    weak = Verified(unlike, replace(MOVES, motion=0.1, picture=0.3), None, ((2.0, 22.0, 5), (4.0, 24.0, 5)))
    assert not found(item_line(), weak, VIDEO, 60.0, 1000).listed


def test_footage_in_which_nothing_moves_is_never_listed_against_footage() -> None:
    nothing_moves = replace(UNMOVED, query=(1.0, 6.0), archive=(21.0, 26.0), instant=(3.0, 23.0))
    sure = replace(REGISTRATION, inliers=900, inliers_of_pairs=(450, 450))
    assert not found(item_line(), stands(nothing_moves, sure), VIDEO, 60.0, 1000).listed
    assert found(item_line(), stands(replace(nothing_moves, query=(0.0, 0.0)), sure), IMAGE, 60.0, 1000).listed


def test_pictures_that_share_nothing_are_not_listed() -> None:
    aside = replace(REGISTRATION, matrix=np.array([[1, 0, 3.0], [0, 1, 0], [0, 0, 1]]))
    one = found(item_line(), replace(moving(), registration=aside), VIDEO, 60.0, 1000)
    assert not one.listed
    assert one.segment.query_box is None


@pytest.mark.parametrize(("degrees", "told"), [(0.4, 0.0), (-0.9, 0.0), (12.34, 12.3), (350.0, -10.0), (180.0, -180.0)])
def test_a_turn_is_told_from_minus_to_plus_180_and_a_slight_one_is_none(degrees: float, told: float) -> None:
    turned = replace(REGISTRATION, rotation_degrees=degrees)
    assert (
        found(item_line(), replace(moving(), registration=turned), VIDEO, 60.0, 1000).segment.rotation_degrees == told
    )


def test_pairs_without_features_in_common_are_no_evidence() -> None:
    verified = replace(moving(), pairs=((2.0, 22.0, 0), (4.0, 24.0, 12)))
    [pair] = found(item_line(), verified, VIDEO, 60.0, 1000).segment.evidence
    assert (pair.query, pair.inliers) == (4.0, 12)


# --- each once ------------------------------------------------------------------------------------------------------


def overlap(  # noqa: PLR0917
    query: tuple[float, float],
    archive: tuple[float, float],
    rate: float | None = 1.0,
    confidence: float = 0.99,
    motion: float = 0.9,
    key: int = 1,
    *,
    listed: bool = True,
) -> Found:
    segment = Segment(
        Channel.PICTURE,
        Span.of(*query),
        Span.of(*archive),
        rate,
        False,
        0.0,
        WHOLE,
        WHOLE,
        confidence,
        "sscd/1",
        (),
    )
    return Found(key, segment, listed, np.eye(3), "moving", {"motion": motion})


def test_the_same_stretch_found_twice_is_told_once_by_the_surer_one() -> None:
    sure, unsure = overlap((0, 5), (20, 25)), overlap((0.3, 4), (20.4, 24.1), confidence=0.8)
    assert without_repeats([unsure, sure]) == (sure,)


def test_listed_overlaps_come_before_others_whatever_their_confidence() -> None:
    listed, hidden = overlap((0, 5), (20, 25), confidence=0.9), overlap((0, 5), (20, 25), confidence=0.95, listed=False)
    assert without_repeats([hidden, listed]) == (listed,)


def test_other_stretches_of_the_query_are_told_apart() -> None:
    first, second = overlap((0, 5), (20, 25)), overlap((5, 9), (40, 44), motion=0.4)
    assert without_repeats([first, second]) == (first, second)


def test_stretches_that_only_touch_are_two_also_on_one_line() -> None:
    first, second = overlap((0, 5), (20, 25)), overlap((4.5, 9), (24.5, 29), confidence=0.9)
    assert without_repeats([first, second]) == (first, second)


def test_the_same_stretch_of_two_items_is_told_for_both() -> None:
    here, there = overlap((0, 5), (20, 25)), overlap((0, 5), (20, 25), key=2, motion=0.3, confidence=0.9)
    assert without_repeats([here, there]) == (here, there)


def test_a_second_place_in_an_item_is_kept_only_where_it_moves_as_much_alike() -> None:
    first = overlap((0, 5), (20, 25), motion=0.9)
    again, similar = overlap((0, 5), (50, 55), motion=0.89), overlap((0, 5), (70, 75), motion=0.5)
    assert without_repeats([similar, again, first]) == (first, again)


def test_a_stretch_that_runs_backwards_is_compared_where_it_is() -> None:
    first = overlap((0, 6), (20, 26), rate=-1.0)
    part = overlap((0, 3), (23, 26), rate=-1.0, confidence=0.8)
    assert without_repeats([first, part]) == (first,)
    forwards = overlap((0, 3), (20, 23), confidence=0.8)
    assert without_repeats([first, forwards]) == (first, forwards)


def test_stills_beside_one_another_are_one_and_apart_are_two() -> None:
    one = overlap((0, 0), (10, 10.5), rate=None)
    beside, apart = overlap((0, 0), (10.8, 11), rate=None, confidence=0.9), overlap((0, 0), (30, 30.5), rate=None)
    assert without_repeats([one, beside, apart]) == (one, apart)


def test_what_is_explained_are_the_stretches_of_the_query() -> None:
    assert [seconds(span) for span in covered([overlap((0, 5), (20, 25)), overlap((7, 8), (1, 2))])] == [(0, 5), (7, 8)]


def test_nothing_found_is_nothing_told() -> None:
    assert without_repeats([]) == ()
    assert covered([]) == []
