"""Drawn clips, and the truth of what shows them."""

import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recall.cards import card_score
from benchmarks.recall.clips import Clip
from benchmarks.recall.corpus import Corpus, build_corpus
from benchmarks.recall.drawn import SORTS, drawn, drawn_sound, drawn_stretch
from benchmarks.recall.kin import Family
from benchmarks.recall.kinds import KINDS, Picker
from benchmarks.recall.later_kinds import HARD, LATER, card_span
from benchmarks.recall.lures import MOVING_CARD, STILL_CARD
from benchmarks.recall.plan import Plan
from benchmarks.recall.prediction import Prediction
from benchmarks.recall.queries import Query, Request, draw
from benchmarks.recall.truth import answer


def clip(name: str, kind: str = "video") -> Clip:
    seconds = 20.0 if kind == "video" else 0.0
    return Clip(name, kind, name, "", seconds, 640, 360, (9.0,) * 40, (50.0,) * 40, seconds)  # type: ignore[arg-type]


CLIPS = [*(clip(f"{number}.mp4") for number in range(24)), *(clip(f"{number}.jpg", "image") for number in range(6))]
CORPUS: Corpus = build_corpus(
    Path(), CLIPS, Family({}, {one.name: one.group for one in CLIPS}, frozenset()), split=0.6, seed=1
)


def made(kind: str, seed: int = 1) -> Plan:
    rng = random.Random(seed)  # noqa: S311 - repeatable
    return {**LATER, **HARD}[kind](Picker(rng, CORPUS.known, CORPUS.strangers))


@pytest.mark.parametrize("sort", SORTS)
def test_a_drawn_clip_is_the_same_each_time_and_moves_where_it_says_so(sort: str) -> None:
    name = f"drawn/{sort}-0"
    clip, first, again = drawn(name), drawn_stretch(name, 0.0, 2.0), drawn_stretch(name, 0.0, 2.0)
    np.testing.assert_array_equal(first.at(1.0), again.at(1.0))
    assert clip.sort.moves == bool(np.any(first.at(0.3) != first.at(1.1)))
    assert clip.sort.jingle == bool(len(drawn_sound(name)))
    assert 3.0 <= clip.seconds <= 5.0


def test_title_cards_of_other_numbers_differ_on_one_template() -> None:
    first, second = (drawn_stretch(f"drawn/title-{number}", 0, 1).at(0).astype(int) for number in (0, 8))
    differing = (np.abs(first - second).max(axis=2) > 8).mean()
    assert 0.0 < differing < 0.2


def test_each_repetition_of_a_loop_is_a_true_segment() -> None:
    plan = made("looped")
    source = plan.shots[0].layers[0].cut.clip
    truths = [t for t in answer(plan, CORPUS).truths if t.item == f"clips/{source}" and t.channel == "picture"]
    assert len(truths) == len(plan.shots) >= 2
    assert len({t.archive for t in truths}) == 1
    assert truths[0].query[1] == pytest.approx(truths[1].query[0])


def test_halves_of_a_split_screen_show_the_middles_of_their_clips() -> None:
    truths = [t for t in answer(made("splitscreen"), CORPUS).truths if t.item.startswith("clips/")]
    boxes = {t.query_box for t in truths if t.channel == "picture"}
    assert boxes <= {(0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 0.5, 1.0)}
    assert all(t.archive_box == pytest.approx((0.25, 0, 0.5, 1), abs=0.01) for t in truths if t.archive_box)


def test_slides_have_no_rate() -> None:
    for kind in ("slideshow", "shownphoto"):
        truths = answer(made(kind), CORPUS).truths
        assert truths
        assert {t.rate for t in truths} == {None}


def test_excerpts_are_shown_in_another_order_than_the_clip_has_them() -> None:
    starts = [shot.layers[0].cut.start for shot in made("reordered").shots[1:]]
    assert len(starts) == 3
    assert starts != sorted(starts)


def test_a_shared_card_is_true_of_the_items_that_end_in_it_and_of_nothing_else() -> None:
    plan = made("sharedcard")
    span = card_span(plan)
    assert span is not None
    told = answer(plan, CORPUS)
    assert told.truths
    for truth in told.truths:
        assert truth.item.startswith("cards/")
        assert span[0] - 0.05 <= truth.query[0] < truth.query[1] <= span[1] + 0.05


def test_of_a_card_that_stands_still_only_the_jingle_is_asked() -> None:
    plan = next(p for seed in range(50) if (p := made("sharedcard", seed)).shots[-1].layers[0].cut.clip == STILL_CARD)
    told = answer(plan, CORPUS)
    assert {truth.channel for truth in told.truths} == {"sound"}
    assert all(channel == "picture" for _, channel in told.ignored)


@pytest.mark.parametrize("kind", tuple(HARD)[1:])
def test_what_tells_nothing_is_shared_with_no_item(kind: str) -> None:
    told = answer(made(kind), CORPUS)
    assert (told.truths, told.ignored) == ((), ())


def test_the_later_kinds_come_after_the_first_ones_and_leave_them_as_they_are() -> None:
    drawn_ones = list(draw(CORPUS, Request(Path(), Path(), count=60)))
    edits = [edit for _, edit, _, _ in drawn_ones]
    first_later = min(edits.index(kind) for kind in LATER)
    assert set(edits[:first_later]) == {*KINDS, "unrelated"}
    assert first_later == 60
    again = list(draw(CORPUS, Request(Path(), Path(), count=60, edits=("looped",))))
    looped = [plan for _, edit, _, plan in drawn_ones if edit == "looped"]
    assert [plan for _, _, _, plan in again][: len(looped)] == looped


def test_cards_are_counted_as_reported_and_as_too_long() -> None:
    plan = next(p for seed in range(50) if (p := made("sharedcard", seed)).shots[-1].layers[0].cut.clip == MOVING_CARD)
    told, span = answer(plan, CORPUS), card_span(plan)
    query = Query("q", "sharedcard", "sharedcard", Path(), "video", plan.seconds, told, span)
    first, second = [truth for truth in told.truths if truth.channel == "picture"][:2]
    right = Prediction("q", first.item, "picture", first.query, first.archive, 0.9)
    begun = (second.query[0] - 2.0, second.query[1]), (second.archive[0] - 2.0, second.archive[1])
    figures = card_score([query], [right, Prediction("q", second.item, "picture", *begun, 0.9)], ["q"])
    assert (figures.picture.found, figures.picture.too_long) == (2, 1)
    assert figures.picture.pairs >= 2
    assert figures.alarms == (1, 1)
