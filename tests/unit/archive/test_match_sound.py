"""The whole way for sound: pictures and sound as two witnesses, each found without the other."""

import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from firsthand.desk.documents.archive import ArchiveShowDocument
from firsthand.desk.documents.match import Match, MatchDocument
from firsthand.media.write import VideoWriter
from firsthand.store.layout import Layout

HERTZ = 48_000
RATE = 12

type Sound = npt.NDArray[np.float32]


def melody(seed: int, seconds: float) -> Sound:
    """Notes with overtones that begin and fade at random, over a little noise; no two seeds are alike."""
    random = np.random.default_rng(seed)
    times = np.arange(round(seconds * HERTZ)) / HERTZ
    sound = 0.002 * random.standard_normal(len(times))
    start = 0.0
    while start < seconds:
        pitch, length = float(random.uniform(180, 900)), float(random.uniform(0.08, 0.4))
        inside = slice(round(start * HERTZ), round(min(seconds, start + length) * HERTZ))
        own = times[inside] - start
        for overtone in range(1, 5):
            sound[inside] += 0.2 / overtone * np.sin(2 * np.pi * pitch * overtone * own) * np.exp(-6 * own)
        start += float(random.uniform(0.04, 0.2))
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def film(path: Path, place: int, start: float, seconds: float, sound: Sound | None) -> Path:
    """Textured things that move over a textured place, as `place` has it from `start` on."""
    random = np.random.default_rng(place)
    ground = cv2.resize(random.integers(0, 256, (24, 40, 3), np.uint8), (256, 144), interpolation=cv2.INTER_CUBIC)
    things = [
        (random.integers(0, 256, (26, 26, 3), np.uint8), random.uniform(0, 6, 2), random.uniform(0.5, 2, 2))
        for _ in range(5)
    ]
    with VideoWriter(path, 256, 144, RATE) as writer:
        if sound is not None:
            writer.add_sound(sound, HERTZ)
        for index in range(round(seconds * RATE)):
            picture = ground.copy()
            for pattern, phase, speed in things:
                x, y = ((np.sin(phase + speed * (start + index / RATE)) + 1) / 2 * (230, 118)).astype(int)
                picture[y : y + 26, x : x + 26] = pattern
            writer.write(picture)
    return path


def wav(path: Path, sound: Sound) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=HERTZ)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray((sound[None] * 32_767).astype(np.int16), format="s16", layout="mono")
        frame.sample_rate = HERTZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def firsthand(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "FIRSTHAND_METHOD": "pdq"}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "firsthand", *arguments], capture_output=True, check=False, env=environment
    )


def matches(archive: Path, path: Path, *options: str) -> list[Match]:
    answer = firsthand("match", str(path), "--archive", str(archive), "--json", *options)
    document = msgspec.json.decode(answer.stdout, type=MatchDocument, strict=True)
    assert not document.errors
    return document.queries[0].matches


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for seed in (1, 2):
        film(folder / f"clip{seed}.mp4", seed, 0.0, 9.0, melody(seed, 9.0))
    wav(folder / "song.wav", melody(3, 9.0))
    film(folder / "silent.mp4", 4, 0.0, 3.0, None)
    place = folder / "archive"
    assert firsthand("add", str(folder), "--archive", str(place), "--quiet").returncode == 0
    return place


def excerpt(seed: int, start: float, end: float) -> Sound:
    return melody(seed, 9.0)[round(start * HERTZ) : round(end * HERTZ)]


def test_a_soundtrack_under_other_pictures_is_found_as_sound_alone(archive: Path, tmp_path: Path) -> None:
    (match,) = matches(archive, film(tmp_path / "q.mp4", 9, 0.0, 5.0, excerpt(2, 3.0, 8.0)))
    assert match.path.endswith("clip2.mp4")
    (segment,) = match.segments
    assert (segment.channel, segment.method) == ("sound", "landmarks/1")
    assert segment.archive == pytest.approx((3.0, 8.0), abs=0.15)
    assert segment.archive[0] - segment.query[0] == pytest.approx(3.0, abs=0.005)
    assert segment.rate == pytest.approx(1.0, abs=0.001)
    assert (segment.query_box, segment.archive_box, segment.mirrored, segment.rotation_degrees) == (
        None,
        None,
        False,
        0,
    )
    assert segment.evidence
    assert all(
        pair.inliers > 0 and pair.archive - pair.query == pytest.approx(3.0, abs=0.02) for pair in segment.evidence
    )
    assert match.witnesses is not None
    assert (match.witnesses.picture, match.witnesses.sound) == ("not_found", "shared")


def test_pictures_with_another_soundtrack_are_found_as_pictures_alone(archive: Path, tmp_path: Path) -> None:
    (match,) = matches(archive, film(tmp_path / "q.mp4", 1, 2.0, 5.0, melody(8, 5.0)))
    assert match.path.endswith("clip1.mp4")
    assert {segment.channel for segment in match.segments} == {"picture"}
    assert match.witnesses is not None
    assert (match.witnesses.picture, match.witnesses.sound) == ("shared", "not_found")


def test_both_witnesses_agree_on_a_plain_excerpt(archive: Path, tmp_path: Path) -> None:
    query = film(tmp_path / "q.mp4", 1, 2.0, 5.0, excerpt(1, 2.0, 7.0))
    (match,) = matches(archive, query)
    assert {segment.channel for segment in match.segments} == {"picture", "sound"}
    (alone,) = matches(archive, query, "--no-sound")
    assert {segment.channel for segment in alone.segments} == {"picture"}
    assert alone.witnesses is not None
    assert alone.witnesses.sound == "not_compared"


def test_sound_alone_finds_sound_alone(archive: Path, tmp_path: Path) -> None:
    (match,) = matches(archive, wav(tmp_path / "q.wav", excerpt(3, 2.0, 6.0)))
    assert match.path.endswith("song.wav")
    assert match.segments[0].archive == pytest.approx((2.0, 6.0), abs=0.15)
    assert match.witnesses is not None
    assert match.witnesses.picture == "not_compared"
    assert matches(archive, wav(tmp_path / "r.wav", melody(30, 6.0))) == []


def test_coverage_and_methods_say_what_was_heard(archive: Path, tmp_path: Path) -> None:
    half = np.concatenate([excerpt(3, 0.0, 4.0), np.zeros(4 * HERTZ, np.float32)])
    quiet, silent = wav(tmp_path / "q.wav", half), film(tmp_path / "s.mp4", 9, 0.0, 2.0, None)
    answer = firsthand("match", str(quiet), str(silent), "--archive", str(archive), "--json")
    document = msgspec.json.decode(answer.stdout, type=MatchDocument, strict=True)
    assert document.searched.methods == ["pdq/1", "landmarks/1"]
    first, second = document.queries
    assert first.coverage.sound == pytest.approx(0.6, abs=0.1)
    assert [gap.reason for gap in first.not_searched] == ["no sound detail"]
    assert second.coverage.sound is None


def test_the_report_says_which_witness_in_words_and_draws_it(archive: Path, tmp_path: Path) -> None:
    query, page = film(tmp_path / "q.mp4", 9, 0.0, 5.0, excerpt(2, 3.0, 8.0)), tmp_path / "r.html"
    answer = firsthand("check", str(query), "--archive", str(archive), "--report", str(page))
    assert answer.returncode == 0
    assert "The same sound under other pictures" in answer.stdout.decode()
    shown = page.read_text()
    assert "The same sound under other pictures" in shown
    assert 'class="loud there"' in shown


def test_a_sound_is_found_when_its_track_and_file_are_lost_by_its_landmarks(tmp_path: Path) -> None:
    clip = wav(tmp_path / "lost.wav", melody(40, 9.0))
    place = tmp_path / "a"
    assert firsthand("add", str(clip), "--archive", str(place), "--keep", "reference", "--quiet").returncode == 0
    query = wav(tmp_path / "q.wav", melody(40, 9.0)[3 * HERTZ : 8 * HERTZ])
    clip.unlink()
    assert len(matches(place, query)) == 1
    for track in Layout(place).reviews.rglob("*.opus"):
        track.unlink()
    (match,) = matches(place, query)
    assert match.segments[0].archive[0] - match.segments[0].query[0] == pytest.approx(3.0, abs=0.02)


def test_what_is_withdrawn_is_silent_at_once_and_what_comes_back_is_heard(tmp_path: Path) -> None:
    clip, place = wav(tmp_path / "c.wav", melody(50, 6.0)), tmp_path / "a"
    query = wav(tmp_path / "q.wav", melody(50, 6.0)[HERTZ:])
    firsthand("add", str(clip), "--archive", str(place), "--quiet")
    assert len(matches(place, query)) == 1
    shown = firsthand("archive", "show", str(clip), "--archive", str(place), "--json")
    document = msgspec.json.decode(shown.stdout, type=ArchiveShowDocument, strict=True)
    assert [one.method for one in document.fingerprints if one.descriptors > 100] == ["landmarks/1"]
    firsthand("archive", "rm", str(clip), "--archive", str(place))
    assert matches(place, query) == []
    firsthand("add", str(clip), "--archive", str(place), "--quiet")
    assert len(matches(place, query)) == 1
