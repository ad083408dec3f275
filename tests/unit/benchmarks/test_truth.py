from pathlib import Path

import numpy as np
import pytest

from benchmarks.recall.clips import Clip
from benchmarks.recall.corpus import Corpus, Item, Part
from benchmarks.recall.edits import EFFECTS
from benchmarks.recall.kin import Family, Kinship, best_offset
from benchmarks.recall.plan import Cut, Edit, Layer, Plan, Shot, Voice
from benchmarks.recall.truth import answer, orientation


def clip(name: str, group: str, relation: str = "") -> Clip:
    return Clip(name, "video", group, relation, 20.0, 640, 360, (9.0,) * 40, (50.0,) * 40, 20.0)


CLIPS = {c.name: c for c in (clip("a", "1"), clip("a2", "1"), clip("a3", "1"), clip("b", "2"))}
FAMILY = Family(
    {("a", "a2"): Kinship("a", "a2", -4.0, sound=False), ("a2", "a"): Kinship("a2", "a", 4.0, sound=False)},
    {name: c.group for name, c in CLIPS.items()},
    frozenset(),
)
ITEMS = (
    Item("clips/a", (Part(0.0, "a", 0.0, 20.0),)),
    Item("clips/a2", (Part(0.0, "a2", 0.0, 16.0),)),
    Item("clips/a3", (Part(0.0, "a3", 0.0, 20.0),)),
    Item("clips/b", (Part(0.0, "b", 0.0, 20.0),)),
    Item("joined/0", (Part(0.0, "b", 0.0, 8.0), Part(8.0, "a", 5.0, 10.0))),
)
CORPUS = Corpus(Path(), CLIPS, FAMILY, (), (), (), ITEMS)


def plan(cut: Cut, *, frames: int = 100, edits: tuple[Edit, ...] = (), voices: tuple[Voice, ...] = ()) -> Plan:
    return Plan("video", 640, 360, 25, 26, (Shot(frames, (Layer(cut),)),), edits, voices)


def found(made: Plan) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    return {truth.item: (truth.query, truth.archive) for truth in answer(made, CORPUS).truths}


def test_an_excerpt_is_true_of_the_clip_its_version_and_the_item_joined_from_it() -> None:
    truths = found(plan(Cut("a", 10.0)))
    assert truths == {
        "clips/a": ((0.0, 4.0), (10.0, 14.0)),
        "clips/a2": ((0.0, 4.0), (6.0, 10.0)),
        "joined/0": ((0.0, 4.0), (13.0, 17.0)),
    }


def test_an_excerpt_is_cut_off_where_an_item_ends() -> None:
    truths = found(plan(Cut("a", 13.0)))
    assert truths["joined/0"] == ((0.0, 2.0), (16.0, 18.0))


def test_a_clip_of_the_group_without_a_row_counts_neither_way() -> None:
    assert ("clips/a3", "picture") in answer(plan(Cut("a", 10.0)), CORPUS).ignored


def test_speed_stretches_the_archive_span() -> None:
    (truth,) = (t for t in answer(plan(Cut("b", 2.0, 1.5)), CORPUS).truths if t.item == "clips/b")
    assert (truth.query, truth.archive, truth.rate) == ((0.0, 4.0), (2.0, 8.0), 1.5)


def test_backwards_keeps_the_archive_span_ascending() -> None:
    (truth,) = (t for t in answer(plan(Cut("b", 12.0, -1.0)), CORPUS).truths if t.item == "clips/b")
    assert (truth.query, truth.archive, truth.rate) == ((0.0, 4.0), (8.0, 12.0), -1.0)


def test_backwards_is_cut_off_at_the_right_end() -> None:
    truths = found(plan(Cut("b", 10.0, -1.0)))
    assert truths["joined/0"] == ((2.0, 4.0), (6.0, 8.0))


def test_a_version_with_another_soundtrack_shares_no_sound() -> None:
    made = plan(Cut("a", 10.0), voices=(Voice(Cut("a", 10.0), 0.0, 4.0),))
    sound = {truth.item for truth in answer(made, CORPUS).truths if truth.channel == "sound"}
    assert sound == {"clips/a", "joined/0"}


def test_a_crop_is_the_region_of_the_archived_picture() -> None:
    crop = Edit("crop", {"width": 0.5, "height": 0.5, "left": 1.0, "top": 0.0})
    (truth,) = (t for t in answer(plan(Cut("b", 10.0), edits=(crop,)), CORPUS).truths if t.item == "clips/b")
    assert truth.archive_box == pytest.approx((0.5, 0.0, 0.5, 0.5), abs=0.01)
    assert truth.query_box == pytest.approx((0, 0, 1, 1), abs=0.01)


def test_an_inset_is_the_region_of_the_query() -> None:
    layers = (Layer(Cut("b", 1.0)), Layer(Cut("a", 10.0), (Edit("mirror", {}),), (0.5, 0.5, 0.25, 0.25)))
    made = Plan("video", 640, 360, 25, 26, (Shot(50, layers),))
    (truth,) = (t for t in answer(made, CORPUS).truths if t.item == "clips/a")
    assert truth.query_box == pytest.approx((0.5, 0.5, 0.25, 0.25), abs=0.01)
    assert truth.mirrored


@pytest.mark.parametrize(("quarters", "degrees"), [(1, 90), (2, 180), (3, 270)])
def test_quarter_turns_are_clockwise(quarters: int, degrees: float) -> None:
    effect = EFFECTS["turn"]
    picture = np.zeros((4, 6, 3), np.uint8)
    picture[0, 5] = 255  # top right
    turned = effect.draw(picture, {"quarters": quarters}, 0.0)
    matrix, size = effect.move({"quarters": quarters}, (6, 4))
    assert turned.shape[1::-1] == size
    x, y, _ = matrix @ [5.5, 0.5, 1]
    assert turned[int(y), int(x)].all()
    assert orientation(matrix, (6, 4)) == (False, degrees)


def test_rotation_is_reported_after_mirroring() -> None:
    mirror, _ = EFFECTS["mirror"].move({}, (6, 4))
    turn, _ = EFFECTS["turn"].move({"quarters": 1}, (6, 4))
    assert orientation(turn @ mirror, (6, 4)) == (True, 90)


def test_the_best_offset_is_where_pictures_agree() -> None:
    first, second = np.arange(0, 6, 0.1), np.arange(0, 10, 0.1)
    alike = (np.abs(second[None, :] - first[:, None] - 2.4) < 0.05).astype(np.float32)
    offset, mean = best_offset(first, second, alike)
    assert offset == pytest.approx(2.4, abs=0.06)
    assert mean > 0.9
