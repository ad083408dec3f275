"""Landmarks of sound: peaks of the spectrum, joined in pairs, written as hashes.

Sources, none of whose code is used: peaks of the short-time spectrum as what stays of a sound under noise (McAulay and
Quatieri, IEEE Trans. ASSP 34, 1986; Wang, ISMIR 2003); pairs of peaks as keys of an inverted list (Wang 2003; Ellis,
audfprint, 2014); frequencies on a logarithmic axis, where a change of speed is a shift (Fenet, Richard and Grenier,
ISMIR 2011; Sonnleitner and Widmer, IEEE/ACM TASLP 24, 2016). What differs and why: docs/adr/0006-sound-landmarks.md.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.observer import HERTZ, Samples
from firsthand.model.sound import TICKS_A_SECOND, SoundPrint
from firsthand.recall.spectrum import HOP, WINDOW, Powers, frame_count, frames_at, smoothed

METHOD = "landmarks/1"

type Floats = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.int64]

# Peaks.
_LOWEST_BIN, _HIGHEST_BIN = 12, 252  # 190 to 3940 Hz
_NEAR_FRAMES, _NEAR_BINS = 5, 4  # within 80 ms and 62 Hz only the strongest counts
_AROUND_FRAMES, _AROUND_BINS = 40, 12  # the background: 0.64 s and 190 Hz to both sides
_ABOVE_BACKGROUND, _ABOVE_BACKGROUND_OF_QUERY = 10.0, 7.5
"""White noise exceeds ten times its mean power about 0.6 times a second (measured), most sounds ten to thirty times."""
_ABOVE_ITS_OWN_MEAN = 1.6
"""A tone that stands still never exceeds its own mean by so much."""
_FAINTEST = 1e-8
_SLOT_FRAMES, _MOST_IN_SLOT = 31, 15  # at most thirty peaks a second
_COMPANY_FRAMES, _LEAST_COMPANY, _LEAST_COMPANY_OF_QUERY = 62, 7, 5
"""A peak with fewer clear ones within a second to either side may be noise.

A query under noise has few clear peaks and more that are less clear. It asks for those too: what is asked in vain costs
little, as long as the archive holds clear ones alone.
"""

# Pairs.
_STEPS_AN_OCTAVE = 40
_STEP_0_BIN = 6.0  # 94 Hz: all steps fit into eight bits, at every speed that is asked for
_REACH_STEPS = _STEPS_AN_OCTAVE
_LEAST_APART, MOST_APART = 2.0, 63.0  # frames: 32 ms to 1 s
_PAIRS_OF_ITEM, _PAIRS_OF_QUERY = 5, 12
_LOOK_AHEAD = 60  # peaks
_APART_CODES = 128
_REACH_CODES = 128

# Blocks in which long sound is worked through; a whole number of slots, so that borders change nothing.
_BLOCK_FRAMES = 120 * _SLOT_FRAMES
_CONTEXT_FRAMES = 4 * _SLOT_FRAMES


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks in order of time.

    Attributes:
        frames: float64, shape (n,), when, in frames of 16 ms, finer than whole ones; frame 0 is centred at 32 ms.
        steps: float64, shape (n,), how high, in fortieths of an octave above 94 Hz.
    """

    frames: Floats
    steps: Floats

    @property
    def seconds(self) -> Floats:
        """When they sound: the middles of their frames."""
        return (self.frames * HOP + WINDOW / 2) / HERTZ


@dataclass(frozen=True, slots=True)
class Pairs:
    """Peaks `first` and `second` (indices, int64, shape (n,)) that make a hash together."""

    first: Indices
    second: Indices


class Landmarks:
    """A listener that notes the peaks of a sound, block by block, so that the length costs no memory."""

    def __init__(self) -> None:
        self._blocks: list[Samples] = []
        self._waiting = 0
        self._dropped = 0  # frames, before the first that waits
        self._done = 0  # frames, before the first that is not described
        self._heard = 0
        self._found: list[tuple[Floats, Floats, Floats]] = []

    def sound(self, samples: Samples) -> None:
        """Describes what is complete."""
        self._blocks.append(samples)
        self._waiting += len(samples)
        self._heard += len(samples)
        while frame_count(self._waiting) >= self._done - self._dropped + _BLOCK_FRAMES + _CONTEXT_FRAMES:
            self._describe(_BLOCK_FRAMES)

    def close(self) -> None:
        """Describes the rest."""
        while (left := frame_count(self._waiting) + self._dropped - self._done) > 0:
            self._describe(min(left, _BLOCK_FRAMES))

    @property
    def seconds(self) -> float:
        """How long the sound lasts, or 0."""
        return self._heard / HERTZ

    def peaks(self, *, query: bool) -> Peaks:
        """Those of all that was heard, once it is closed; for a query the less clear ones too."""
        found = [(np.zeros(0),) * 3, *self._found]
        frames, steps, strengths = (np.concatenate(column) for column in zip(*found, strict=True))
        clear = strengths > _ABOVE_BACKGROUND
        company = _company(frames, np.sort(frames[clear]))
        kept = company >= _LEAST_COMPANY_OF_QUERY if query else clear & (company >= _LEAST_COMPANY)
        order = np.argsort(frames[kept], kind="stable")
        return Peaks(frames[kept][order], steps[kept][order])

    def _describe(self, frames: int) -> None:
        """Notes the peaks of the next `frames`, and drops what later ones don't need."""
        samples = np.concatenate(self._blocks)
        before = self._done - self._dropped
        last = min(frame_count(len(samples)), before + frames + _CONTEXT_FRAMES)
        powers = frames_at(samples, np.arange(last) * HOP)
        when, steps, strengths = _peaks(powers, self._dropped)
        inside = (np.rint(when) >= self._done) & (np.rint(when) < self._done + frames)
        self._found.append((when[inside], steps[inside], strengths[inside]))
        self._done += frames
        drop = max(0, self._done - _CONTEXT_FRAMES - self._dropped)
        drop -= drop % _SLOT_FRAMES
        self._blocks = [samples[drop * HOP :].copy()]
        self._dropped += drop
        self._waiting = len(self._blocks[0])


def _peaks(powers: Powers, start: int) -> tuple[Floats, Floats, Floats]:
    """When (frames), how high (steps) and how clear; `start` is the number of the first frame, a multiple of a slot."""
    if len(powers) < 5:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    near = np.ones((2 * _NEAR_FRAMES + 1, 2 * _NEAR_BINS + 1), np.uint8)
    background = smoothed(powers, _AROUND_FRAMES, _AROUND_BINS)
    stands_out = (
        (powers >= cv2.dilate(powers, near, borderType=cv2.BORDER_REPLICATE))
        & (powers > _ABOVE_BACKGROUND_OF_QUERY * background)
        & (powers > _ABOVE_ITS_OWN_MEAN * smoothed(powers, _AROUND_FRAMES, 0))
        & (powers > _FAINTEST)
    )
    stands_out[:, :_LOWEST_BIN] = False
    stands_out[:, _HIGHEST_BIN:] = False
    stands_out[[0, -1]] = False
    frames, bins = np.nonzero(stands_out)
    strengths = powers[frames, bins] / background[frames, bins]
    kept = _strongest(frames // _SLOT_FRAMES, strengths)
    frames, bins = frames[kept], bins[kept]
    top = _level(powers[frames, bins])
    later = _vertex(_level(powers[frames - 1, bins]), top, _level(powers[frames + 1, bins]))
    higher = _vertex(_level(powers[frames, bins - 1]), top, _level(powers[frames, bins + 1]))
    steps = np.log2((bins + higher) / _STEP_0_BIN) * _STEPS_AN_OCTAVE
    return frames + later + start, steps, strengths[kept].astype(np.float64)


def _level(powers: Powers) -> Powers:
    return np.log(np.maximum(powers, np.float32(1e-12)))


def _vertex(before: Powers, at: Powers, after: Powers) -> Floats:
    """Where the parabola through three values has its top, in steps from the middle one, at most half a step away."""
    bend = (before - 2 * at + after).astype(np.float64)
    safe = np.where(np.abs(bend) < 1e-9, 1.0, bend)
    top: Floats = np.where(np.abs(bend) < 1e-9, 0.0, 0.5 * (before - after) / safe).clip(-0.5, 0.5)
    return top


def _strongest(slots: Indices, strengths: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which of the peaks are among the strongest of their slot."""
    order = np.lexsort((-strengths, slots))
    begins = np.searchsorted(slots, slots)  # `slots` never falls
    kept = np.zeros(len(slots), bool)
    kept[order] = np.arange(len(slots)) - begins[order] < _MOST_IN_SLOT
    return kept


def _company(frames: Floats, clear: Floats) -> Indices:
    """How many clear ones there are about each, itself counted where it is one."""
    later = np.searchsorted(clear, frames + _COMPANY_FRAMES, "right")
    return (later - np.searchsorted(clear, frames - _COMPANY_FRAMES, "left")).astype(np.int64)


def pairs(peaks: Peaks, *, query: bool) -> Pairs:
    """Each peak with the next ones within a second and an octave; more of them for a query than for an item.

    So a pair of an item is found as long as both its peaks are, whatever stands between them in the query.
    """
    most = _PAIRS_OF_QUERY if query else _PAIRS_OF_ITEM
    count = len(peaks.frames)
    taken = np.zeros(count, np.int64)
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for ahead in range(1, min(count, _LOOK_AHEAD)):
        first = np.arange(count - ahead)
        apart = peaks.frames[ahead:] - peaks.frames[:-ahead]
        reach = np.abs(peaks.steps[ahead:] - peaks.steps[:-ahead])
        good = (apart >= _LEAST_APART) & (apart <= MOST_APART) & (reach <= _REACH_STEPS) & (taken[first] < most)
        taken[first[good]] += 1
        firsts.append(first[good])
        seconds.append(first[good] + ahead)
    return Pairs(np.concatenate(firsts), np.concatenate(seconds))


def hashes(lower: Indices, higher: Indices, apart: Indices) -> npt.NDArray[np.uint32]:
    """The hash of each pair: step of the first peak, steps to the second, frames between them."""
    reach = higher - lower + _REACH_CODES // 2
    written: npt.NDArray[np.uint32] = ((lower * _REACH_CODES + reach) * _APART_CODES + apart).astype(np.uint32)
    return written


def sound_print(heard: Landmarks) -> SoundPrint | None:
    """What an archive keeps of a sound; `None` where there was none at all."""
    if not heard.seconds:
        return None
    peaks = heard.peaks(query=False)
    joined = pairs(peaks, query=False)
    steps, frames = np.rint(peaks.steps).astype(np.int64), peaks.frames
    made = hashes(
        steps[joined.first],
        steps[joined.second],
        np.rint(frames[joined.second] - frames[joined.first]).astype(np.int64),
    )
    ticks = int(np.ceil(heard.seconds * TICKS_A_SECOND))
    times = np.rint(peaks.seconds[joined.first] * TICKS_A_SECOND).astype(np.int64).clip(0, max(0, ticks - 1))
    order = np.argsort(times, kind="stable")
    return SoundPrint(METHOD, ticks, made[order], times[order])


@dataclass(frozen=True, slots=True)
class Asking:
    """The hashes that a query asks for at one speed and tempo.

    Attributes:
        hashes: uint32, shape (n,).
        peaks: int64, shape (n,), the first peak of each hash's pair.
        pairs: int64, shape (n,), the pair of each hash; one pair asks for several, as its measures may be rounded.
    """

    hashes: npt.NDArray[np.uint32]
    peaks: Indices
    pairs: Indices


_DOUBT_STEPS = 0.3
"""How far beyond the middle between two steps a frequency may have been measured."""


def asking(peaks: Peaks, joined: Pairs, *, speed: float, tempo: float) -> Asking:
    """What to ask for where the query has `speed` times the item's frequencies, and `tempo` times its tempo."""
    steps = peaks.steps - np.log2(speed) * _STEPS_AN_OCTAVE
    apart = np.rint((peaks.frames[joined.second] - peaks.frames[joined.first]) * tempo).astype(np.int64)
    first, second = steps[joined.first], steps[joined.second]
    made: list[npt.NDArray[np.uint32]] = [np.zeros(0, np.uint32)]
    which: list[Indices] = [np.zeros(0, np.int64)]
    for one, sure in _roundings(first):
        for other, as_sure in _roundings(second):
            for between in (apart - 1, apart, apart + 1):
                fits = (between >= 0) & (between < _APART_CODES) & (np.abs(other - one) < _REACH_CODES // 2)
                good = np.flatnonzero(sure & as_sure & fits & (one >= 0))
                made.append(hashes(one[good], other[good], between[good]))
                which.append(good)
    asked = np.concatenate(which)
    return Asking(np.concatenate(made), joined.first[asked], asked)


def _roundings(steps: Floats) -> list[tuple[Indices, npt.NDArray[np.bool_]]]:
    """The whole steps that each may have been, and which of them are near enough."""
    nearest = np.rint(steps).astype(np.int64)
    return [(nearest + shift, np.abs(nearest + shift - steps) <= 0.5 + _DOUBT_STEPS) for shift in (-1, 0, 1)]


def covered_seconds(peaks: Peaks, duration: float) -> tuple[tuple[float, float], ...]:
    """The stretches of a sound that hold landmarks: a second around each peak, joined."""
    stretches: list[tuple[float, float]] = []
    for time in peaks.seconds.tolist():
        start, end = max(0.0, time - 1.0), min(duration, time + 1.0)
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        elif end > start:
            stretches.append((start, end))
    return tuple(stretches)
