"""From shots to descriptors."""

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import Pixels, footage, laid, painting

from firsthand.model.box import Box
from firsthand.recall.describing import Describing, crop, is_flat
from firsthand.recall.descriptors import Described, Pictures
from firsthand.recall.pdq_descriptor import PdqDescriptor
from firsthand.recall.sampling import Shot

GREY = np.full((180, 320, 3), 120, np.uint8)


@dataclass(frozen=True)
class MeanColour:
    """The plainest method: a picture is its mean colour."""

    method = "mean-colour/1"
    model = None
    candidate_similarity = 0.5

    def describe(self, pictures: Pictures, *, query: bool) -> Described:  # noqa: ARG002
        means = np.array([picture.mean(axis=(0, 1)) / 2 for picture in pictures], np.int8).reshape(-1, 3)
        return Described(means.view(np.uint8)[None], means)

    def similarity(self, *_: object) -> npt.NDArray[np.float64]:
        raise NotImplementedError


def shot(pictures: list[Pixels], start: float = 0.0) -> Shot:
    return Shot(tuple(start + 0.5 * place for place in range(len(pictures))), tuple(pictures))


def test_every_picture_is_described_whole_at_its_time() -> None:
    pictures = footage(1, 6)
    describing = Describing([PdqDescriptor()], query=False)
    describing.shot(shot(pictures[:4]))
    describing.shot(shot(pictures[4:], 7.0))
    [rows] = describing.rows()
    whole = np.all(rows.boxes == (0, 0, 1, 1), axis=1)
    assert rows.times[whole].tolist() == [0.0, 0.5, 1.0, 1.5, 7.0, 7.5]
    assert np.array_equal(rows.described.codes[:, whole], PdqDescriptor().describe(pictures, query=False).codes)
    assert describing.samples == [0.0, 0.5, 1.0, 1.5, 7.0, 7.5]


def test_panels_of_an_item_are_described_now_and_then() -> None:
    pictures = laid(footage(2, 9), footage(3, 9), 180, 90, 120, 68)
    describing = Describing([PdqDescriptor()], query=False, panel_seconds=2.0)
    describing.shot(shot(pictures, 60.0))
    [rows] = describing.rows()
    whole = np.all(rows.boxes == (0, 0, 1, 1), axis=1)
    assert rows.times[whole].tolist() == [60 + 0.5 * place for place in range(len(pictures))]
    assert sorted(set(rows.times[~whole])) == [60.0, 62.0, 64.0]


def test_panels_can_be_left_out() -> None:
    describing = Describing([PdqDescriptor()], query=False, panel_seconds=inf)
    describing.shot(shot(laid(footage(2), footage(3), 180, 90, 120, 68)))
    [rows] = describing.rows()
    assert np.all(rows.boxes == (0, 0, 1, 1))


def test_an_inset_is_described_by_itself_in_every_picture() -> None:
    pictures = laid(footage(2), footage(3), 180, 90, 120, 68)
    describing = Describing([PdqDescriptor()], query=False)
    describing.shot(shot(pictures))
    [rows] = describing.rows()
    near = np.abs(rows.boxes - np.array([180 / 320, 90 / 180, 120 / 320, 68 / 180])).max(axis=1) < 0.02
    assert rows.times[near].tolist() == [0.5 * place for place in range(10)]
    crops = [crop(picture, Box(*rows.boxes[near][0].tolist())) for picture in pictures]
    assert np.array_equal(rows.described.codes[:, near], PdqDescriptor().describe(crops, query=False).codes)


def test_flat_pictures_are_named_and_not_described() -> None:
    first, second = footage(4, 2)
    describing = Describing([PdqDescriptor()], query=True)
    describing.shot(shot([first, GREY, second]))
    [rows] = describing.rows()
    assert set(rows.times.tolist()) == {0.0, 1.0}
    assert describing.flat == [0.5]
    assert describing.samples == [0.0, 0.5, 1.0]


def test_a_medium_that_shows_nothing_has_empty_rows_of_the_right_width() -> None:
    describing = Describing([PdqDescriptor(), MeanColour()], query=True)
    describing.shot(shot([GREY, GREY]))
    first, second = describing.rows()
    assert first.times.shape == second.times.shape == (0,)
    assert first.boxes.shape == (0, 4)
    assert first.described.codes.shape == (8, 0, 32)
    assert second.described.vectors.shape == (0, 3)


def test_all_methods_describe_the_same_pictures() -> None:
    describing = Describing([PdqDescriptor(), MeanColour()], query=True)
    describing.shot(shot(laid(footage(5), footage(6), 20, 20, 120, 68)))
    first, second = describing.rows()
    assert np.array_equal(first.times, second.times)
    assert np.array_equal(first.boxes, second.boxes)
    assert first.described.codes.shape[1] == second.described.codes.shape[1] == len(first.times)


def test_a_crop_is_the_region_and_never_less_than_two_pixels() -> None:
    picture = painting(7, 100, 50)
    assert np.array_equal(crop(picture, Box(0.2, 0.5, 0.3, 0.5)), picture[25:50, 20:50])
    for place in (0.0, 0.5, 0.999):
        assert crop(picture, Box(place, place, 0.001, 0.001)).shape == (2, 2, 3)


@pytest.mark.parametrize("level", [0, 120, 255])
def test_one_colour_is_flat_and_stays_so_under_the_noise_of_a_codec(level: int) -> None:
    noise = np.random.default_rng(level).integers(-3, 4, (180, 320, 3))
    assert is_flat(np.clip(level + noise, 0, 255).astype(np.uint8))
    assert not is_flat(painting(8))
