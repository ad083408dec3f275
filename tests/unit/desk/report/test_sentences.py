from collections.abc import Callable

import msgspec
import pytest

from firsthand.desk.documents.match import Coverage, Query, Searched, Segment
from firsthand.desk.report.sentences import (
    Outcome,
    counted,
    hours,
    manner,
    match_sentence,
    outcome_of,
    outcome_sentence,
    segment_sentence,
    union_seconds,
)


def test_a_stretch_that_is_alike_in_form_is_told_by_its_times_alone(segment: Callable[..., Segment]) -> None:
    assert segment_sentence("video", "video", "ref.mp4", segment()) == (
        "From 0:00.0 to 0:09.2 this video shows what “<bdi>ref.mp4</bdi>” shows from 0:31.2 to 0:40.4."
    )


def test_differences_of_form_follow_in_the_order_in_which_one_sees_them(segment: Callable[..., Segment]) -> None:
    changed = segment(
        mirrored=True, rotation_degrees=90.0, rate=-1.25, query_box=(0, 0, 0.5, 0.5), archive_box=(0, 0, 0.8, 1)
    )
    assert manner(changed) == (
        "mirrored",
        "turned 90° clockwise",
        "played backwards",
        "at 1.25 times the speed",
        "in a region of the picture (about 25%)",
        "from a region of the archived picture (about 80%)",
    )


@pytest.mark.parametrize(
    ("degrees", "words"),
    [
        (0.4, ()),
        (359.7, ()),
        (270.0, ("turned 90° counter-clockwise",)),
        (180.0, ("turned upside down",)),
        (-3.0, ("turned 3° counter-clockwise",)),
    ],
)
def test_a_turn_is_told_the_short_way_round(
    segment: Callable[..., Segment], degrees: float, words: tuple[str, ...]
) -> None:
    assert manner(segment(rotation_degrees=degrees)) == words


def test_a_still_has_no_time_and_a_frame_of_the_archive_has_one(segment: Callable[..., Segment]) -> None:
    still = segment(query=(0.0, 0.0), archive=(12.4, 12.4), rate=None)
    assert segment_sentence("image", "video", "r", still) == "This picture shows what “<bdi>r</bdi>” shows at 0:12.4."


def test_a_video_that_shows_an_archived_picture_says_when(segment: Callable[..., Segment]) -> None:
    still = segment(query=(1.0, 3.0), archive=(0.0, 0.0), rate=None)
    assert segment_sentence("video", "image", "r", still) == (
        "From 0:01.0 to 0:03.0 this video shows what the picture “<bdi>r</bdi>” shows."
    )


def test_sound_is_said_of_sound(segment: Callable[..., Segment]) -> None:
    heard = segment(channel="sound", query_box=None, archive_box=None, rate=0.5)
    assert segment_sentence("sound", "video", "r", heard) == (
        "From 0:00.0 to 0:09.2 the sound of this recording is that of “<bdi>r</bdi>” from 0:31.2 to 0:40.4, "
        "at 0.5 times the speed."
    )


def test_names_are_escaped_within_sentences(segment: Callable[..., Segment]) -> None:
    assert "&lt;b&gt;" in segment_sentence("video", "video", "<b>{x}", segment())


def test_several_stretches_are_counted_and_what_they_share_is_counted_once(segment: Callable[..., Segment]) -> None:
    sentence = match_sentence("video", "video", "r", [segment(query=(0, 4)), segment(query=(3, 6))])
    assert sentence == "In 2 stretches that cover 6.0 seconds in all, this video shows what “<bdi>r</bdi>” shows."
    assert union_seconds([(0, 1), (5, 6), (0.5, 2)]) == pytest.approx(3)


def test_without_matches_the_answer_says_how_far_it_looked_and_that_it_is_no_clearance(
    query: Callable[..., Query], searched: Callable[..., Searched]
) -> None:
    assert outcome_sentence(query(matches=[]), searched()) == (
        "No earlier appearance among 412 items, 61.5 hours; this does not show that the clip is new."
    )


def test_the_answer_names_what_is_shared(
    query: Callable[..., Query], searched: Callable[..., Searched], segment: Callable[..., Segment]
) -> None:
    match = query().matches[0]
    heard = msgspec.structs.replace(match, segments=[segment(channel="sound")])
    assert outcome_sentence(query(), searched()) == "1 archived item shares footage with this video."
    assert outcome_sentence(query(matches=[match, heard]), searched()) == (
        "2 archived items share footage or sound with this video."
    )
    assert outcome_sentence(query(kind="sound", matches=[heard]), searched()) == (
        "1 archived item shares sound with this recording."
    )
    assert outcome_sentence(query(kind="image"), searched()) == "1 archived item shows what this picture shows."


def test_an_empty_archive_says_that_nothing_could_be_compared(
    query: Callable[..., Query], searched: Callable[..., Searched]
) -> None:
    assert outcome_sentence(query(matches=[]), searched(items=0, hours=0.0)) == (
        "The archive holds 0 hours, so nothing could be compared."
    )


@pytest.mark.parametrize("shares", [(0.0, None), (None, None), (0.0, 0.0)])
def test_a_thing_of_which_nothing_was_compared_is_not_one_without_appearances(
    query: Callable[..., Query], searched: Callable[..., Searched], shares: tuple[float | None, float | None]
) -> None:
    asked = query(matches=[], coverage=Coverage(*shares))
    assert outcome_of(asked, searched()) is Outcome.NOT_COMPARED
    assert outcome_sentence(asked, searched()).startswith("Nothing of this video could be compared")


def test_things_that_failed_or_met_no_archive_are_not_compared(
    query: Callable[..., Query], searched: Callable[..., Searched]
) -> None:
    assert outcome_of(None, searched()) is Outcome.NOT_COMPARED
    assert "not compared" in outcome_sentence(None, searched())
    assert outcome_sentence(query(), None) == "No archive was searched, so nothing could be compared."


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(1, "match", "matches"), counted(1200, "item")] == ["1 match", "1,200 items"]
    assert [hours(0), hours(0.01), hours(1), hours(1234.56)] == [
        "0 hours",
        "less than 0.1 hours",
        "1 hour",
        "1,234.6 hours",
    ]
