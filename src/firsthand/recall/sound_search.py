"""Where the sound of a query has been heard before: from its landmarks to listed segments."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Channel, Evidence, NotSearched, Segment
from firsthand.model.span import Span
from firsthand.recall.landmarks import METHOD, Peaks, covered_seconds
from firsthand.recall.segments import Found
from firsthand.recall.sound_agree import Course, Stretch
from firsthand.recall.sound_confidence import HEARD, LANDMARKS_ALONE, judge_sound
from firsthand.recall.sound_index import SoundIndex
from firsthand.recall.sound_lines import SoundLine, sound_lines
from firsthand.recall.sound_verify import Agreed, SoundTrack, SoundVerdicts, SoundVerifyRequest, verify_sound
from firsthand.sandbox.call import call
from firsthand.sandbox.limits import Limits

_VERIFY_LIMITS = Limits(cpu_seconds=900, wall_seconds=1800)
_AGREEING_SECONDS = 0.06
_MOST_EVIDENCE = 6
_AS_GOOD = 0.8
_SHORTEST_GAP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SoundQuery:
    """The sound of a query: its peaks and its track."""

    peaks: Peaks
    track: SoundTrack


@dataclass(frozen=True, slots=True)
class SoundAnswer:
    """What was found for the sound of a query, listed or not, best first; `coverage` is the share with landmarks."""

    found: tuple[Found, ...]
    coverage: float | None
    not_searched: tuple[NotSearched, ...]


def search_sound(
    query: SoundQuery,
    index: SoundIndex | None,
    archived: Callable[[int], SoundTrack | None],
    *,
    verifier: Callable[[SoundVerifyRequest, Callable[[float], None]], SoundVerdicts] | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> SoundAnswer:
    """Every stretch of sound that the query shares with the items of the index.

    Args:
        query: its sound.
        index: where to look; nothing is found without one.
        archived: an item's sound track by its key; `None` where it is lost, so that landmarks alone decide.
        verifier: what reads the tracks; by default in a sandboxed child.
        on_progress: hears the share of the work that is done.
    """
    report = on_progress or (lambda _: None)
    coverage, not_searched = _coverage(query)
    lines = sound_lines(query.peaks, index) if index is not None else ()
    report(0.3)
    tracks = {key: track for key in {line.key for line in lines} if (track := archived(key)) is not None}
    heard = tuple(line for line in lines if line.key in tracks)
    found = [_by_landmarks(line) for line in lines if line.key not in tracks]
    if heard:
        request = SoundVerifyRequest(query.track, tracks, heard)
        verdicts = (verifier or _in_child)(request, lambda share: report(0.3 + 0.7 * share))
        for line, agreed in zip(heard, verdicts.agreed, strict=True):
            found.extend(_heard(line, one) for one in agreed)
    report(1.0)
    return SoundAnswer(_once(found), coverage, not_searched)


def _in_child(request: SoundVerifyRequest, report: Callable[[float], None]) -> SoundVerdicts:
    return call(verify_sound, request, SoundVerdicts, limits=_VERIFY_LIMITS, on_progress=report)


def _heard(line: SoundLine, agreed: Agreed) -> Found:
    course, stretch = agreed.course, agreed.stretch
    near = np.abs(line.archived - course.offset - course.tempo * line.times) < _AGREEING_SECONDS
    inside = (line.times >= stretch.start - 0.1) & (line.times <= stretch.end + 0.1)
    features = {
        "landmarks": math.log1p(int((near & inside).sum())),
        "spectrum": stretch.spectrum,
        "wave": stretch.wave,
        "seconds": math.log(max(0.1, stretch.end - stretch.start)),
    }
    return _found(line.key, agreed, line.times[near & inside], HEARD, features)


def _by_landmarks(line: SoundLine) -> Found:
    stretch = Stretch(max(0.0, float(line.times[0])), float(line.times[-1]), 0.0, 0.0)
    agreed = Agreed(Course(line.speed, line.tempo, line.offset), stretch)
    return _found(line.key, agreed, line.times, LANDMARKS_ALONE, {"landmarks": math.log1p(line.landmarks)})


def _found(key: int, agreed: Agreed, times: npt.NDArray[np.float64], curve: str, features: dict[str, float]) -> Found:
    """The segment of an agreement; `times` are the query seconds of the landmarks that bear it out."""
    course, stretch = agreed.course, agreed.stretch
    judgement = judge_sound(curve, features)
    start = max(0.0, stretch.start, -course.offset / course.tempo)
    end = max(start, stretch.end)
    segment = Segment(
        channel=Channel.SOUND,
        query=Span.of(start, end),
        archive=Span.of(max(0.0, course.at(start)), max(0.0, course.at(end))),
        rate=course.tempo,
        mirrored=False,
        rotation_degrees=0.0,
        query_box=None,
        archive_box=None,
        confidence=judgement.confidence,
        method=METHOD,
        evidence=_evidence(course, times),
    )
    return Found(key, segment, judgement.listed, np.eye(3), curve, features)


def _evidence(course: Course, times: npt.NDArray[np.float64]) -> tuple[Evidence, ...]:
    """Up to six instants of the stretch, each with the number of landmarks about it that agree."""
    parts = [part for part in np.array_split(times, min(_MOST_EVIDENCE, max(1, len(times)))) if len(part)]
    middles = [(float(np.median(part)), len(part)) for part in parts]
    return tuple(Evidence(time, max(0.0, course.at(time)), count) for time, count in middles)


def _once(every: Sequence[Found]) -> tuple[Found, ...]:
    """Best first; another place of one item for the same stretch only where it agrees about as well, as in a loop."""
    kept: list[Found] = []
    for one in sorted(every, key=lambda found: (-found.listed, -_likeness(found))):
        rivals = [other for other in kept if other.key == one.key and _shares(other.segment, one.segment)]
        if all(
            not _same(other.segment, one.segment) and _likeness(one) >= _AS_GOOD * _likeness(other) for other in rivals
        ):
            kept.append(one)
    return tuple(sorted(kept, key=lambda found: -found.segment.confidence))


def _likeness(found: Found) -> float:
    return found.features.get("spectrum", 0.0) + found.features.get("wave", 0.0) + 0.01 * found.features["landmarks"]


def _shares(one: Segment, other: Segment) -> bool:
    return 2 * one.query.overlap(other.query) >= min(one.query.duration, other.query.duration)


def _same(one: Segment, other: Segment) -> bool:
    """Whether two segments that share a stretch of the query lead to one place."""
    middle = float(max(one.query.start, other.query.start) + one.query.overlap(other.query) / 2)
    places = [
        float(segment.archive.start) + (segment.rate or 1.0) * (middle - float(segment.query.start))
        for segment in (one, other)
    ]
    return abs(places[0] - places[1]) < 0.5


def _coverage(query: SoundQuery) -> tuple[float, tuple[NotSearched, ...]]:
    """The share of the sound with landmarks about it, and the longer stretches without any."""
    seconds = query.track.seconds
    heard = covered_seconds(query.peaks, seconds)
    gaps, reached = [], 0.0
    for start, end in (*heard, (seconds, seconds)):
        if start - reached >= min(_SHORTEST_GAP_SECONDS, seconds):
            gaps.append(NotSearched(Span.of(reached, start), "no sound detail"))
        reached = max(reached, end)
    share = sum(end - start for start, end in heard) / seconds if seconds else 0.0
    return min(1.0, share), tuple(gaps)
