from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from sounds import Sound, faster, heard, melody

from firsthand.model.sound import SoundHits, SoundPrint
from firsthand.recall.landmarks import METHOD, sound_print
from firsthand.recall.sound_lines import sound_lines


@dataclass(frozen=True)
class FakeIndex:
    """Compares every hash with every other."""

    prints: Sequence[SoundPrint]
    method: str = METHOD

    @property
    def size(self) -> int:
        return len(self.prints)

    @property
    def items(self) -> frozenset[int]:
        return frozenset(range(len(self.prints)))

    def lookup(self, hashes: npt.NDArray[np.uint32], most: int) -> SoundHits:  # noqa: ARG002
        found = [
            (np.flatnonzero(one.hashes == value), key, row)
            for row, value in enumerate(hashes)
            for key, one in enumerate(self.prints)
        ]
        asked = np.concatenate([np.full(len(places), row) for places, _, row in found])
        items = np.concatenate([np.full(len(places), key) for places, key, _ in found])
        times = np.concatenate([self.prints[key].times[places] for places, key, _ in found])
        return SoundHits(asked, items, times)


def index(*sounds: Sound) -> FakeIndex:
    return FakeIndex([made for sound in sounds if (made := sound_print(heard(sound))) is not None])


@pytest.mark.parametrize(("speed", "tempo"), [(1.0, 1.0), (1.05, 1.05)])
def test_the_strongest_line_leads_to_the_item_and_its_time(speed: float, tempo: float) -> None:
    item = melody(2, 8.0)
    query = faster(item[16_000:48_000], speed)
    lines = sound_lines(
        heard(query).peaks(query=True), index(melody(1, 8.0), item), playings=((1.0, 1.0), (1.05, 1.05), (1.0, 1.05))
    )
    assert lines[0].key == 1
    assert (lines[0].speed, lines[0].tempo) == (pytest.approx(speed, abs=0.006), pytest.approx(tempo, abs=0.006))
    assert lines[0].at(1.0) == pytest.approx(2.0 + tempo, abs=0.02)
    assert lines[0].landmarks > 3 * max([line.landmarks for line in lines if line.key == 0], default=0)


def test_nothing_is_found_for_nothing() -> None:
    silence = np.zeros(16_000, np.float32)
    assert sound_lines(heard(silence).peaks(query=True), index(melody(1, 5.0))) == ()


def test_a_jingle_that_many_items_share_leaves_a_place_to_the_sound_of_one() -> None:
    jingle, own = melody(3, 5.0), melody(4, 2.5)
    others = [np.concatenate([melody(100 + number, 1.0), jingle]) for number in range(40)]
    query = np.concatenate([own, jingle])
    lines = sound_lines(heard(query).peaks(query=True), index(*others, own), playings=((1.0, 1.0),))
    assert 40 in {line.key for line in lines}
