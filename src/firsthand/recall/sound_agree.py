"""Whether two sounds are the same along a line: by their spectra, and by their waves to the millisecond.

The spectra are flattened (each frame against its neighbouring frequencies, each frequency against its mean over
time), so that hum, hiss and the colour of a channel do not count; what is left is correlated. The waves are correlated
in short windows whose correlations are added up along all lines nearby (stacking, as in seismology), so that noise
which hides the peak of every window does not hide that of their sum.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.observer import HERTZ, Samples
from firsthand.recall.spectrum import HOP, WINDOW, frame_count, frames_at

type Floats = npt.NDArray[np.float64]

_LOW_BIN, _HIGH_BIN = 12, 230  # 190 to 3600 Hz
_FLATTENED_BINS = 12  # to both sides
_FAINTEST = 1e-8
_FINE_HOP = 64  # samples: 8 ms
_SHIFTS = np.arange(-6, 7) * _FINE_HOP / HERTZ
_TILTS = np.arange(-4, 5) * 0.003
_LEAST_FRAMES = 40
_HOPELESS = 0.06
"""Agreement of the spectra that chance reaches; under noise at 0 dB it was 0.13 and more."""

_WAVE_WINDOWS = (1024, 4096)
"""Samples: short windows bear an error of the speed, long ones bear noise."""
_WAVE_REACH = 320  # samples to both sides: 40 ms
_WAVE_TILTS = np.arange(-16, 17) * 0.00025

_LOCAL_FRAMES = 16
"""Ends are found by the agreement over half a second."""
_LOCAL_SHARE = 0.35
_LOCAL_LEAST = 0.06
_STRONG_SHARE = 0.5
_LEFT_OUT_FRAMES = 31
_BESIDE_FRAMES = 62
_PAUSE_FRAMES = 94
_SHORTEST_FRAMES = 60


@dataclass(frozen=True, slots=True)
class Course:
    """How a query runs along an item: `archive = offset + tempo * query` in seconds; `speed` is that of frequencies."""

    speed: float
    tempo: float
    offset: float

    @property
    def linked(self) -> bool:
        """Whether it was simply played faster or slower, so that the waves are alike too."""
        return abs(self.speed - self.tempo) < 1e-9

    def at(self, time: float) -> float:
        """The archive seconds of a query second."""
        return self.offset + self.tempo * time


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch that agrees: query seconds, and how well, from -1 to 1, by the spectra and by the waves."""

    start: float
    end: float
    spectrum: float
    wave: float


@dataclass(frozen=True, slots=True)
class Sounding:
    """A piece of sound: samples from `start` seconds of its medium on."""

    start: float
    samples: Samples

    @property
    def end(self) -> float:
        """When it ends, in seconds of its medium."""
        return self.start + len(self.samples) / HERTZ


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides with the archive played at the query's speed, and the flattened spectra of the query.

    `frames` are the starts of the query's frames, in seconds of the query.
    """

    query: Sounding
    archive: Sounding
    course: Course
    frames: Floats
    flat: npt.NDArray[np.float32]

    def places(self, course: Course, times: Floats) -> Floats:
        """The samples of the archived side (played at the query's speed) that sound at `times` of the query."""
        return (course.offset + course.tempo * times - self.archive.start) * HERTZ / self.course.speed


def agree(
    query: Sounding, archive: Sounding, course: Course, support: tuple[float, float]
) -> tuple[Course, tuple[Stretch, ...]]:
    """The course refined, and the stretches of the query that agree on it, in order of time.

    Args:
        query: a piece that holds `support` and what lies around it, where it may go on.
        archive: what lies there in the item.
        course: a first guess, within 50 ms and 1 %.
        support: the stretch of the query, in seconds, that led to the guess.
    """
    sides = _sides(query, archive, course)
    course, likeness = _by_spectra(sides, course, support)
    if likeness < _HOPELESS:
        return course, ()
    if course.linked:
        for window in _WAVE_WINDOWS:
            course = _by_waves(sides, course, support, window)
            course = replace(course, speed=course.tempo)
            sides = _sides(query, archive, course)
    return course, tuple(
        replace(stretch, wave=_wave(sides, course, (stretch.start, stretch.end)))
        for stretch in _stretches(sides, course, support)
    )


def _sides(query: Sounding, archive: Sounding, course: Course) -> _Sides:
    samples = archive.samples
    if course.speed != 1:
        places = np.arange(int(len(samples) / course.speed)) * course.speed
        samples = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
    starts = np.arange(frame_count(len(query.samples))) * HOP
    return _Sides(
        query, replace(archive, samples=samples), course, query.start + starts / HERTZ, _flat(query.samples, starts)
    )


def _flat(samples: Samples, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Logarithmic spectra of the frames at `starts`, flattened: float32, shape (frames, bins)."""
    if not len(starts):
        return np.zeros((0, _HIGH_BIN - _LOW_BIN), np.float32)
    level = np.log(frames_at(samples, starts)[:, _LOW_BIN:_HIGH_BIN] + np.float32(_FAINTEST))
    mean = cv2.blur(level, (2 * _FLATTENED_BINS + 1, 1), borderType=cv2.BORDER_REFLECT_101)
    return (level - mean).astype(np.float32)


def _by_spectra(sides: _Sides, course: Course, support: tuple[float, float]) -> tuple[Course, float]:
    """The course nearby on which the spectra of the supporting stretch agree best, and how well."""
    inside = (sides.frames >= support[0]) & (sides.frames <= support[1])
    fine = np.arange(max(0, (len(sides.archive.samples) - WINDOW) // _FINE_HOP + 1)) * _FINE_HOP
    if inside.sum() < _LEAST_FRAMES or not len(fine):
        return course, 0.0
    times, ours = sides.frames[inside], _centred(sides.flat[inside])
    theirs = _flat(sides.archive.samples, fine)
    middle = (support[0] + support[1]) / 2
    best, likeness = course, -1.0
    for tilt in _TILTS if not course.linked else (0.0,):
        tempo = course.tempo + float(tilt)
        for shift in _SHIFTS:
            tried = replace(course, tempo=tempo, offset=course.at(middle) + float(shift) - tempo * middle)
            rows = np.rint(sides.places(tried, times) / _FINE_HOP).astype(np.int64)
            there = (rows >= 0) & (rows < len(theirs))
            if there.sum() < _LEAST_FRAMES:
                continue
            found = _correlation(ours[there], _centred(theirs[rows[there]]))
            if found > likeness:
                best, likeness = tried, found
    return best, likeness


def _by_waves(sides: _Sides, course: Course, support: tuple[float, float], window: int) -> Course:
    """The course nearby on which the waves of the supporting stretch agree best."""
    starts, likeness = _wave_likeness(sides, course, support, window, _WAVE_REACH)
    if not len(starts):
        return course
    middle = float(starts.mean())
    lags = np.arange(-_WAVE_REACH, _WAVE_REACH + 1)
    best, tilted, shifted = -1.0, 0.0, 0.0
    for tilt in _WAVE_TILTS:
        drift = np.rint(tilt * (starts - middle) * HERTZ).astype(np.int64)
        total = _shifted(likeness, drift).mean(axis=0)
        top = int(total.argmax())
        if total[top] > best:
            best, tilted, shifted = float(total[top]), float(tilt), float(lags[top])
    speed = sides.course.speed
    tempo = course.tempo + tilted * speed
    return replace(course, tempo=tempo, offset=course.at(middle) + shifted * speed / HERTZ - tempo * middle)


def _shifted(rows: Floats, shifts: npt.NDArray[np.int64]) -> Floats:
    """Each row moved to the left by its shift, its ends repeated."""
    columns = np.arange(rows.shape[1])[None, :] + shifts[:, None]
    return np.take_along_axis(rows, columns.clip(0, rows.shape[1] - 1), axis=1)


def _wave_likeness(
    sides: _Sides, course: Course, support: tuple[float, float], window: int, reach: int
) -> tuple[Floats, Floats]:
    """Normalised correlations of windows of the waves, by lag from `-reach` to `reach` samples.

    Returns:
        The windows' starts in seconds of the query, shape (n,); the correlations, shape (n, 2 * reach + 1).
    """
    starts, rows = [], []
    first = max(0, round((support[0] - sides.query.start) * HERTZ))
    last = min(len(sides.query.samples), round((support[1] - sides.query.start) * HERTZ)) - window
    for start in range(first, last + 1, window // 2):
        time = sides.query.start + start / HERTZ
        place = round(float(sides.places(course, np.array([time]))[0]))
        low, high = place - reach, place + window + reach + 1
        if low < 0 or high > len(sides.archive.samples):
            continue
        ours = np.diff(sides.query.samples[start : start + window])
        theirs = np.diff(sides.archive.samples[low:high])
        starts.append(time)
        rows.append(_sliding_correlation(ours, theirs)[: 2 * reach + 1])
    return np.array(starts), np.array(rows).reshape(len(rows), 2 * reach + 1)


def _sliding_correlation(short: Samples, long: Samples) -> Floats:
    """The normalised correlation of `short` with every equally long piece of `long`."""
    size = 1 << (len(long) + len(short)).bit_length()
    product = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size)), size)
    squares = np.concatenate([[0.0], np.cumsum(long.astype(np.float64) ** 2)])
    count = len(long) - len(short) + 1
    energy = np.maximum(squares[len(short) :] - squares[: -len(short)], 0)[:count] * float((short**2).sum())
    likeness: Floats = product[:count] / np.sqrt(energy + 1e-9)
    return likeness


def _wave(sides: _Sides, course: Course, support: tuple[float, float]) -> float:
    """The mean correlation of the waves on the course; each window within 1 ms of it."""
    _, likeness = _wave_likeness(sides, course, support, _WAVE_WINDOWS[-1], 8)
    return float(likeness.max(axis=1).mean()) if len(likeness) else 0.0


def _stretches(sides: _Sides, course: Course, support: tuple[float, float]) -> list[Stretch]:
    """Where the spectra agree about as well as where they led to the course, pauses of a second and a half bridged."""
    places = np.rint(sides.places(course, sides.frames)).astype(np.int64)
    there = (places >= 0) & (places + WINDOW <= len(sides.archive.samples))
    if there.sum() < _LEAST_FRAMES:
        return []
    times, ours = sides.frames[there], sides.flat[there]
    theirs = _flat(sides.archive.samples, places[there])
    inside = (times >= support[0]) & (times <= support[1])
    if inside.sum() < _LEAST_FRAMES:
        return []
    local = _alike(ours, theirs, inside).local
    inside = _surest(local, inside)
    alike = _alike(ours, theirs, inside)
    products, weights = alike.products, alike.weights
    whole = float(products[inside].sum() / (weights[inside].sum() + 1e-9))
    runs = _runs(alike.local >= max(_LOCAL_LEAST, _LOCAL_SHARE * whole))
    step, frame = HOP / HERTZ, WINDOW / HERTZ
    return [
        Stretch(
            float(times[first]) if first == 0 else float(times[first]) + frame / 2,
            float(times[last]) + (frame if last == len(times) - 1 else frame / 2 + step),
            float(products[first : last + 1].sum() / (weights[first : last + 1].sum() + 1e-9)),
            0.0,
        )
        for first, last in runs
    ]


@dataclass(frozen=True, slots=True)
class _Alike:
    """For each frame the product of both spectra, what it could be at most, and their correlation around it."""

    products: Floats
    weights: Floats

    @property
    def local(self) -> Floats:
        return _moving(self.products) / (_moving(self.weights) + 1e-9)


def _alike(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]) -> _Alike:
    left, right = _apart_centred(ours, inside), _apart_centred(theirs, inside)
    products = (left * right).sum(axis=1, dtype=np.float64)
    return _Alike(products, np.sqrt((left**2).sum(axis=1, dtype=np.float64) * (right**2).sum(axis=1, dtype=np.float64)))


def _surest(local: Floats, inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The longest part of what led to the course that agrees well, where that leaves a second or more of it out.

    A landmark that agrees by chance far from the others would draw other sound into what counts as shared.
    """
    strong = inside & (local >= _STRONG_SHARE * float(np.percentile(local[inside], 90)))
    places = np.flatnonzero(strong)
    run = max(np.split(places, np.flatnonzero(np.diff(places) > _LOCAL_FRAMES) + 1), key=len)
    chosen = np.zeros_like(inside)
    chosen[run[0] : run[-1] + 1] = True
    enough = chosen.sum() >= _LEAST_FRAMES and inside.sum() - chosen.sum() >= _LEFT_OUT_FRAMES
    return chosen if enough else inside


def _apart_centred(rows: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Spectra less their mean: inside the mean there, before and after that of the frames around, the inside left out.

    The mean of a melody, taken from two sounds that are none, would make them alike.
    """
    places = np.flatnonzero(inside)
    centred = rows - rows[inside].mean(axis=0)
    for part in (slice(0, int(places[0])), slice(int(places[-1]) + 1, len(rows))):
        beside = rows[part]
        if len(beside):
            total = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(beside, axis=0, dtype=np.float64)])
            at = np.arange(len(beside))
            low, high = np.maximum(0, at - _BESIDE_FRAMES), np.minimum(len(beside), at + _BESIDE_FRAMES + 1)
            centred[part] = beside - ((total[high] - total[low]) / (high - low)[:, None]).astype(np.float32)
    return centred


def _moving(values: Floats) -> Floats:
    """The sum over `_LOCAL_FRAMES` to both sides, as far as there are any."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    high = np.minimum(len(values), places + _LOCAL_FRAMES + 1)
    moved: Floats = total[high] - total[np.maximum(0, places - _LOCAL_FRAMES)]
    return moved


def _runs(agreeing: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last frame of each run, short pauses bridged, short runs left out."""
    places = np.flatnonzero(agreeing)
    if not len(places):
        return []
    pieces = np.split(places, np.flatnonzero(np.diff(places) > _PAUSE_FRAMES) + 1)
    return [(int(run[0]), int(run[-1])) for run in pieces if run[-1] - run[0] + 1 >= _SHORTEST_FRAMES]


def _centred(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    moved: npt.NDArray[np.float32] = rows - rows.mean(axis=0)
    return moved


def _correlation(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> float:
    return float((ours * theirs).sum() / np.sqrt((ours**2).sum() * (theirs**2).sum() + 1e-9))
