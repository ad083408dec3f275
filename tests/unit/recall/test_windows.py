"""A second look at parts of the picture."""

import numpy as np
from recall_footage import footage, painting

from firsthand.recall.describing import crop
from firsthand.recall.pdq_descriptor import PdqDescriptor
from firsthand.recall.windows import chosen_times, window_boxes, window_rows


def test_windows_of_each_size_cover_the_picture() -> None:
    for side in {box.width for box in window_boxes()}:
        seen = np.zeros((200, 200), bool)
        for box in window_boxes():
            if box.width == side:
                left, top = round(200 * box.x), round(200 * box.y)
                seen[top : top + round(200 * box.height), left : left + round(200 * box.width)] = True
        assert seen.all()


def test_windows_lie_within_the_picture_large_ones_first() -> None:
    boxes = window_boxes()
    assert all(box.x + box.width <= 1 + 1e-9 and box.y + box.height <= 1 + 1e-9 for box in boxes)
    assert [box.area for box in boxes] == sorted((box.area for box in boxes), reverse=True)


def test_few_times_are_all_looked_at_and_many_are_thinned_evenly() -> None:
    assert chosen_times([0.5, 1.0, 2.5]) == (0.5, 1.0, 2.5)
    every = [0.2 * step for step in range(100)]
    chosen = chosen_times(every)
    assert len(chosen) < 20
    assert (chosen[0], chosen[-1]) == (every[0], every[-1])
    gaps = np.diff(chosen)
    assert gaps.max() < 1.3 * gaps.min()


def test_a_window_is_described_as_the_part_of_the_picture_that_it_is() -> None:
    first, second = footage(1, 2)
    method = PdqDescriptor()
    rows = window_rows([3.0, 4.5], [first, second], method)
    count = len(window_boxes())
    assert rows.times.tolist() == [3.0] * count + [4.5] * count
    for place, box in enumerate(window_boxes()):
        assert np.allclose(rows.boxes[count + place], (box.x, box.y, box.width, box.height))
        expected = method.describe([crop(second, box)], query=True).codes[:, 0]
        assert np.array_equal(rows.described.codes[:, count + place], expected)


def test_windows_that_show_nothing_are_left_out() -> None:
    picture = painting(2)
    picture[:, :320] = 90
    rows = window_rows([0.0], [picture], PdqDescriptor())
    assert 0 < len(rows.times) < len(window_boxes())
    assert np.all(rows.boxes[:, 0] + rows.boxes[:, 2] > 0.5)
    assert rows.described.codes.shape[1] == len(rows.times)


def test_without_pictures_there_are_no_rows() -> None:
    rows = window_rows([], [], PdqDescriptor())
    assert rows.times.shape == (0,)
    assert rows.boxes.shape == (0, 4)
