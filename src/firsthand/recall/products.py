"""Inner products of all pictures of two tracks, from which correlations along any line of time follow."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment

_CELLS = 1 << 18  # lines times pictures that are looked up at once: some ten arrays of so many numbers
_SLACK_SECONDS = 0.03  # a line may begin and end so much beside the archived pictures: no alignment is exact


@dataclass(frozen=True, slots=True)
class Products:
    """Inner products of query and archive pictures, and their energies.

    Attributes:
        times: float64, shape (n,), of the query, seconds.
        archive_times: float64, shape (m,), seconds.
        products: float64, shape (n, m).
        query_energy: float64, shape (n,).
        archive_energy: float64, shape (m,).
    """

    times: npt.NDArray[np.float64]
    archive_times: npt.NDArray[np.float64]
    products: npt.NDArray[np.float64]
    query_energy: npt.NDArray[np.float64]
    archive_energy: npt.NDArray[np.float64]

    def along(
        self, rates: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Along lines: products, archive energies, which query times meet the archive; each shape (lines, n)."""
        targets = offsets[:, None] + rates[:, None] * self.times[None, :]
        first, last = self.archive_times[0], self.archive_times[-1]
        beside = (targets > first - _SLACK_SECONDS) & (targets < last + _SLACK_SECONDS)
        targets = np.where(beside, np.clip(targets, first, last), targets)
        places = np.interp(targets, self.archive_times, np.arange(len(self.archive_times)), left=-1, right=-1)
        low = np.clip(places.astype(int), 0, max(0, len(self.archive_times) - 2))
        part = np.clip(places - low, 0, 1)
        high = np.minimum(low + 1, len(self.archive_times) - 1)
        rows = np.arange(len(self.times))[None, :]
        products = (1 - part) * self.products[rows, low] + part * self.products[rows, high]
        energy = (1 - part) * self.archive_energy[low] + part * self.archive_energy[high]
        return products, energy, places >= 0

    def correlations(
        self, rates: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64], least: int
    ) -> npt.NDArray[np.float64]:
        """Of the whole stretches along each line; 0 where fewer than `least` pictures meet."""
        if not len(rates):
            return np.zeros(0)
        at_once = max(1, _CELLS // max(1, len(self.times)))
        parts = [slice(start, start + at_once) for start in range(0, len(rates), at_once)]
        return np.concatenate([self._correlations(rates[part], offsets[part], least) for part in parts])

    def _correlations(
        self, rates: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64], least: int
    ) -> npt.NDArray[np.float64]:
        products, energy, inside = self.along(rates, offsets)
        norm = np.sqrt((self.query_energy * inside).sum(axis=1) * (energy * inside).sum(axis=1))
        total = (products * inside).sum(axis=1)
        return np.where((inside.sum(axis=1) >= least) & (norm > 0), total / np.maximum(norm, 1e-9), 0.0)

    def likeness(self, alignment: Alignment) -> npt.NDArray[np.float64]:
        """The correlation of each query picture with its aligned one; -1 where there is none."""
        products, energy, inside = self.along(np.array([alignment.rate]), np.array([alignment.offset]))
        norm = np.sqrt(self.query_energy * energy[0])
        return np.where(inside[0] & (norm > 0), products[0] / np.maximum(norm, 1e-9), -1.0)
