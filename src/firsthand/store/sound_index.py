"""Looks sound hashes up among the live items of one snapshot."""

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.selection import EVERYTHING, Selection
from firsthand.model.sound import SoundHits
from firsthand.store import sounds
from firsthand.store.fingerprints import Stretches
from firsthand.store.hash_runs import TICK_BITS, Entries, ticks_of
from firsthand.store.layout import Layout


@dataclass(frozen=True, slots=True)
class SortedSoundIndex:
    """Runs in rising order, bisected for every hash asked for."""

    method: str
    runs: tuple[Entries, ...]
    stretches: Stretches

    @property
    def size(self) -> int:
        """How many items can be found."""
        return len(self.stretches.items)

    @property
    def items(self) -> frozenset[int]:
        """The keys of the items that can be found."""
        return frozenset(self.stretches.items.tolist())

    def lookup(self, hashes: npt.NDArray[np.uint32], most: int) -> SoundHits:
        """The live places of the hashes, in no particular order: all where they are at most `most`.

        Else those of the rarest hashes, up to so many: a hash that lies everywhere tells nothing of where a sound
        comes from, as a word that is in every text.
        """
        wanted = hashes.astype(np.uint64) << np.uint64(TICK_BITS)
        order = np.argsort(wanted, kind="stable")  # neighbours lie on the same pages
        bounds = [_bounds(run, wanted[order]) for run in self.runs]
        telling = _rarest(sum((high - low for low, high in bounds), np.zeros(len(wanted), np.int64)), most)
        asked, ticks = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for run, (low, high) in zip(self.runs, bounds, strict=True):
            counts = np.where(telling, high - low, 0)
            firsts = np.repeat(low - (np.cumsum(counts) - counts), counts)
            asked.append(np.repeat(order, counts))
            ticks.append(ticks_of(run[firsts + np.arange(counts.sum())]))
        return self._located(np.concatenate(asked), np.concatenate(ticks))

    def _located(self, asked: npt.NDArray[np.int64], ticks: npt.NDArray[np.int64]) -> SoundHits:
        """The hits of live items alone."""
        starts, counts = self.stretches.starts, self.stretches.counts
        if not len(starts):
            nothing = np.zeros(0, np.int64)
            return SoundHits(nothing, nothing, nothing)
        place = np.searchsorted(starts, ticks, side="right") - 1
        live = (place >= 0) & (ticks < (starts + counts)[place])
        place = place[live]
        return SoundHits(asked[live], self.stretches.items[place], ticks[live] - starts[place])


def _rarest(places: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.bool_]:
    """The entries with the smallest numbers that are `most` together."""
    order = np.argsort(places, kind="stable")
    telling = np.zeros(len(places), bool)
    telling[order] = np.cumsum(places[order]) <= most
    return telling


def _bounds(run: Entries, wanted: Entries) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where in the run the entries of each hash begin and end."""
    low = np.searchsorted(run, wanted, side="left")
    high = np.searchsorted(run, wanted | np.uint64((1 << TICK_BITS) - 1), side="right")
    return low.astype(np.int64), high.astype(np.int64)


def open_sound_index(
    db: sqlite3.Connection, layout: Layout, method: str, selection: Selection = EVERYTHING
) -> SortedSoundIndex | None:
    """The index of a method as the snapshot `db` has it; `None` where no live item in question was heard by it.

    Raises:
        ArchiveDamagedError: hashes are missing.
    """
    stretches = sounds.live_stretches(db, method, selection)
    if not len(stretches.items):
        return None
    place = sounds.files(layout, method)
    return SortedSoundIndex(method, tuple(place.mapped(run) for run in sounds.runs(db, method)), stretches)
