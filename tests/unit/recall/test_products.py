"""Correlations along lines of time."""

import numpy as np
import pytest

from firsthand.model.match import Alignment
from firsthand.recall.products import Products


def products(query: np.ndarray, archive: np.ndarray, step: float = 1.0) -> Products:
    return Products(
        np.arange(len(query)) * step,
        np.arange(len(archive)) * step,
        query @ archive.T,
        (query**2).sum(axis=1),
        (archive**2).sum(axis=1),
    )


def rows(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 40))


def test_between_two_archived_pictures_products_are_interpolated() -> None:
    made = products(rows(1, 3), rows(2, 8))
    values, energy, inside = made.along(np.array([1.0]), np.array([2.25]))
    assert values[0] == pytest.approx(
        [0.75 * made.products[n, n + 2] + 0.25 * made.products[n, n + 3] for n in range(3)]
    )
    assert energy[0] == pytest.approx(0.75 * made.archive_energy[2:5] + 0.25 * made.archive_energy[3:6])
    assert inside.all()


def test_times_outside_the_archive_meet_nothing() -> None:
    made = products(rows(1, 4), rows(2, 4))
    _, _, inside = made.along(np.array([1.0, 1.0, -1.0]), np.array([2.0, -1.5, 3.0]))
    assert inside.tolist() == [[True, True, False, False], [False, False, True, True], [True] * 4]


def test_the_last_archived_picture_is_met_too() -> None:
    made = products(rows(1, 1), rows(2, 4))
    values, _, inside = made.along(np.array([1.0]), np.array([3.0]))
    assert inside.all()
    assert values[0, 0] == pytest.approx(made.products[0, 3])


def test_the_same_pictures_correlate_fully_at_their_own_line_and_rate() -> None:
    archive = rows(3, 20)
    forward, backward = products(archive[4:12], archive), products(archive[15:3:-2], archive)
    assert forward.correlations(np.array([1.0]), np.array([4.0]), 8) == pytest.approx([1.0])
    assert abs(forward.correlations(np.array([1.0]), np.array([6.0]), 8)[0]) < 0.4
    assert backward.correlations(np.array([-2.0]), np.array([15.0]), 6) == pytest.approx([1.0])


def test_where_too_few_pictures_meet_nothing_is_claimed() -> None:
    archive = rows(4, 10)
    made = products(archive[6:], archive[:8])
    found = [made.correlations(np.array([1.0]), np.array([6.0]), least)[0] for least in (2, 3)]
    assert found == pytest.approx([1.0, 0.0])


def test_each_picture_has_its_own_likeness_and_none_outside() -> None:
    archive = rows(5, 6)
    query = archive[2:].copy()
    query[1] *= -3
    found = products(query, archive[:5]).likeness(Alignment(1.0, 2.0))
    assert found == pytest.approx([1.0, -1.0, 1.0, -1.0])
    assert products(np.zeros((1, 40)), archive).likeness(Alignment(1.0, 0.0))[0] == -1.0


def test_many_lines_at_once_give_what_each_gives_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(9)
    times, archive_times = np.arange(50) / 10, np.arange(80) / 10
    products = Products(
        times, archive_times, random.normal(size=(50, 80)), random.uniform(1, 2, 50), random.uniform(1, 2, 80)
    )
    rates, offsets = random.uniform(0.5, 2, 700), random.uniform(-3, 5, 700)
    together = products.correlations(rates, offsets, 10)
    monkeypatch.setattr("firsthand.recall.products._CELLS", 50 * 3)
    assert np.array_equal(products.correlations(rates, offsets, 10), together)
    assert products.correlations(np.zeros(0), np.zeros(0), 10).shape == (0,)
