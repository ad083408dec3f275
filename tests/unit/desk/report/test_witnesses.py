from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from firsthand.desk.documents.match import Match, Query, Segment, Witnesses
from firsthand.desk.report.levels import wave
from firsthand.desk.report.timeline import timeline
from firsthand.desk.report.witnesses import witness_sentences
from firsthand.model.sound import LevelPair


@pytest.fixture
def match(segment: Callable[..., Segment], query: Callable[..., Query]) -> Callable[..., Match]:
    (plain,) = query().matches

    def make(picture: str, sound: str, *segments: Segment) -> Match:
        said = Witnesses(picture, sound)  # type: ignore[arg-type]
        return msgspec.structs.replace(plain, witnesses=said, segments=list(segments) or [segment()])

    return make


@pytest.mark.parametrize(
    ("picture", "sound", "words"),
    [
        ("not_found", "shared", "The same sound under other pictures"),
        ("shared", "not_found", "The same pictures without matching sound"),
        ("shared", "shared", "Pictures and sound are both shared."),
        ("not_compared", "shared", "This rests on sound alone"),
        ("shared", "not_compared", "This rests on pictures alone"),
    ],
)
def test_each_witness_is_told_apart(match: Callable[..., Match], picture: str, sound: str, words: str) -> None:
    assert witness_sentences(match(picture, sound))[0].startswith(words)


def test_the_same_bytes_need_no_witness(match: Callable[..., Match], segment: Callable[..., Segment]) -> None:
    assert witness_sentences(match("shared", "not_compared", segment(method="sha256/1"))) == ()


def test_a_part_with_another_sound_is_told(match: Callable[..., Match], segment: Callable[..., Segment]) -> None:
    heard = segment(channel="sound", query=(0.0, 4.0), query_box=None, archive_box=None)
    said = witness_sentences(match("shared", "shared", segment(query=(0.0, 9.2)), heard))
    assert said[1:] == ("For 5.2 seconds the pictures are the same without matching sound.",)
    longer = segment(channel="sound", query=(0.0, 20.0), query_box=None, archive_box=None)
    said = witness_sentences(match("shared", "shared", segment(query=(0.0, 9.2)), longer))
    assert said[1:] == ("For 10.8 seconds the sound is the same under other pictures.",)


def test_sound_has_a_label_and_a_lane_of_its_own(segment: Callable[..., Segment]) -> None:
    drawing = timeline("A", 10.0, "B", 50.0, [segment(), segment(channel="sound", query_box=None, archive_box=None)])
    assert drawing is not None
    picture, sound = drawing.stretches
    assert (picture.top, sound.top, sound.height) == (0.0, 15.0, 15.0)
    assert sound.query_number == "2 sound"
    assert "sound 0:00.0" in drawing.words
    assert drawing.key


def test_sound_alone_fills_the_bar_and_says_what_it_is(segment: Callable[..., Segment]) -> None:
    drawing = timeline("A", 10.0, "B", 50.0, [segment(channel="sound", query_box=None, archive_box=None)])
    assert drawing is not None
    assert drawing.stretches[0].query_number == "sound"
    assert (drawing.stretches[0].height, drawing.key) == (18.0, "")


def test_the_loudness_of_both_sides_is_drawn_on_the_page(
    page: Callable[..., str], query: Callable[..., Query], match: Callable[..., Match], segment: Callable[..., Segment]
) -> None:
    heard = segment(channel="sound", query_box=None, archive_box=None, method="landmarks/1")
    levels = LevelPair((0.0, 9.2), (31.24, 40.44), np.linspace(0, 1, 5, dtype=np.float32), np.ones(5, np.float32))
    asked = query(matches=[match("not_found", "shared", heard)])
    shown = page(query=asked, pictures={}, levels={(0, asked.matches[0].item, 0): levels})
    assert "The same sound under other pictures" in shown
    assert '<polygon class="loud"' in shown
    assert "Pictures are blurred" not in shown
    assert wave(levels).query.split()[0] == "0,27.5"
