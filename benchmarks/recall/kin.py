"""Which clips share footage, and how far apart in time; which pairs nobody knows about."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.recall.clips import Clip, Pair, Thumbs, read_thumbs

SAME_PICTURES = frozenset({"same_footage_variant", "same_footage_new_soundtrack"})
OTHER_TAKES = frozenset({"same_scene_other_take", "same_or_similar_camera_other_moment", "same_film_scene_or_person"})
SURE = 0.93
"""Mean correlation of aligned small pictures from which two clips are taken to share them."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """What is known of two clips: `second` at time t + offset shows what `first` shows at t.

    `offset_seconds` is `None` where they are other takes (nothing shared). `sound` is `None` where unknown.
    """

    first: str
    second: str
    offset_seconds: float | None
    sound: bool | None


@dataclass(frozen=True, slots=True)
class Family:
    """All that is known about pairs of clips, in both directions; pairs of one group without a row are unknown.

    `plain` clips tell nothing even of themselves (black, test bars, a logo): whoever says they do is wrong. The
    pictures of `still` ones stand still, so that they count neither way; their sound counts.
    """

    kinships: Mapping[tuple[str, str], Kinship]
    groups: Mapping[str, str]
    fixed_cameras: frozenset[str]
    plain: frozenset[str] = frozenset()
    still: frozenset[str] = frozenset()

    def of(self, first: str, second: str) -> Kinship | None:
        """What is known of the pair; `None` where predictions on it must count neither way."""
        if first == second and first in self.plain:
            return Kinship(first, second, None, sound=False)
        if first == second:
            return Kinship(first, second, 0.0, sound=True)
        if (first, second) in self.kinships:
            return self.kinships[first, second]
        both_fixed = first in self.fixed_cameras and second in self.fixed_cameras
        if self.groups[first] != self.groups[second] or both_fixed:
            return Kinship(first, second, None, sound=False)
        return None


def read_family(folder: Path, clips: Sequence[Clip], pairs: Sequence[Pair], work: Path) -> Family:
    """The family of the clips; offsets in time are measured on their pictures and kept in `work`."""
    cache_path = work / "offsets.json"
    cache: dict[str, list[float]] = json.loads(cache_path.read_text()) if cache_path.exists() else {}
    names = {clip.name for clip in clips}
    kinships: dict[tuple[str, str], Kinship] = {}
    for pair in pairs:
        if pair.first not in names or pair.second not in names:
            continue
        key = f"{pair.first}|{pair.second}"
        if pair.kind in SAME_PICTURES and key not in cache:
            cache[key] = list(_measure_offset(folder, pair))
        kinship = _kinship(pair, cache.get(key))
        if kinship is not None:
            back = None if kinship.offset_seconds is None else -kinship.offset_seconds
            kinships[pair.first, pair.second] = kinship
            kinships[pair.second, pair.first] = Kinship(pair.second, pair.first, back, kinship.sound)
    cache_path.write_text(json.dumps(cache, indent=1))
    fixed = frozenset(clip.name for clip in clips if clip.relation == "same-scene-group")
    return Family(kinships, {clip.name: clip.group for clip in clips}, fixed)


def _kinship(pair: Pair, measured: Sequence[float] | None) -> Kinship | None:
    if pair.kind in OTHER_TAKES:
        return Kinship(pair.first, pair.second, None, sound=False)
    if measured is None or measured[1] < SURE:
        return None
    same_sound = False if pair.kind == "same_footage_new_soundtrack" else None
    known_sound = True if pair.sound_offset_seconds is not None else same_sound
    return Kinship(pair.first, pair.second, measured[0], known_sound)


def _measure_offset(folder: Path, pair: Pair) -> tuple[float, float]:
    """The offset at which the two clips' pictures agree best, and their mean correlation there."""
    first_seconds, first_thumbs, _ = read_thumbs(folder / pair.first)
    second_seconds, second_thumbs, _ = read_thumbs(folder / pair.second)
    alike = _normal(first_thumbs) @ _normal(second_thumbs).T
    return best_offset(first_seconds, second_seconds, alike)


def best_offset(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], alike: npt.NDArray[np.float32]
) -> tuple[float, float]:
    """The offset (second minus first, steps of 20 ms) with the highest mean of `alike`, and that mean.

    Two seconds, or nine tenths of the shorter clip, have to overlap: a second of look-alikes is found anywhere. Among
    equals the offset nearest to zero wins.
    """
    needed = min(2.0, first[-1] * 0.9, second[-1] * 0.9)
    reach = max(first[-1], second[-1]) - needed
    steps = np.arange(-round(reach / 0.02), round(reach / 0.02) + 1) * 0.02
    best, best_mean = 0.0, -1.0
    for offset in sorted(steps.tolist(), key=abs):
        wanted = first + offset
        inside = (wanted >= second[0] - 0.02) & (wanted <= second[-1] + 0.02)
        if np.ptp(first[inside]) < needed if inside.any() else True:
            continue
        nearest = np.abs(second[None, :] - wanted[inside][:, None]).argmin(1)
        mean = float(alike[np.flatnonzero(inside), nearest].mean())
        if mean > best_mean + 1e-4:
            best, best_mean = offset, mean
    return best, best_mean


def _normal(thumbs: Thumbs) -> npt.NDArray[np.float32]:
    flat = thumbs.reshape(len(thumbs), -1).astype(np.float32)
    flat -= flat.mean(1, keepdims=True)
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return unit.astype(np.float32)


def groups_of(clips: Sequence[Clip]) -> Mapping[str, tuple[Clip, ...]]:
    """Clips by group, in order of names."""
    ordered = sorted(clips, key=lambda clip: (clip.group, clip.name))
    return {group: tuple(members) for group, members in itertools.groupby(ordered, key=lambda clip: clip.group)}
