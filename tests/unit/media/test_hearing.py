"""What listeners hear: the main sound on the clock of the picture."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from media_clips import clip, tone

from firsthand.media.hearing import Hearing
from firsthand.media.observe import observe
from firsthand.media.observer import HERTZ
from firsthand.media.sound_review import RAW_SUFFIX, SUFFIX, RawSoundWriter, SoundReviewWriter
from firsthand.media.sound_stretch import read_stretch
from firsthand.media.write import VideoWriter
from firsthand.model.item import Kind


class Ear:
    """A listener that keeps everything."""

    def __init__(self) -> None:
        self.blocks: list[npt.NDArray[np.float32]] = []
        self.closed = 0

    def sound(self, samples: npt.NDArray[np.float32]) -> None:
        self.blocks.append(samples)

    def close(self) -> None:
        self.closed += 1

    @property
    def heard(self) -> npt.NDArray[np.float32]:
        return np.concatenate([np.zeros(0, np.float32), *self.blocks])


def frame(samples: npt.NDArray[np.float32], time: float | None, hertz: int = 48_000) -> av.AudioFrame:
    made = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
    made.sample_rate = hertz
    made.time_base = Fraction(1, hertz)
    made.pts = None if time is None else round(time * hertz)
    return made


def hear(frames: list[av.AudioFrame], zero: float | None = None, *, picture: bool = True) -> npt.NDArray[np.float32]:
    ear = Ear()
    hearing = Hearing([ear], (lambda: zero) if picture else None)
    for one in frames:
        hearing.take(one)
        hearing.tell()
    hearing.end()
    hearing.tell(last=True)
    return ear.heard


def burst_at(samples: npt.NDArray[np.float32]) -> float:
    """The second in which sound begins."""
    return float(np.flatnonzero(np.abs(samples) > 0.05)[0]) / HERTZ


def test_a_listener_hears_the_sound_at_its_rate_and_is_closed(tmp_path: Path) -> None:
    ear = Ear()
    facts = observe(clip(tmp_path / "c.mp4", 50, sound_seconds=2.0), listeners=[ear])
    assert facts.kind is Kind.VIDEO
    assert ear.closed == 1
    assert len(ear.heard) / HERTZ == pytest.approx(2.0, abs=0.05)
    spectrum = np.abs(np.fft.rfft(ear.heard[:HERTZ]))
    assert int(spectrum.argmax()) == 440


def test_a_medium_without_sound_is_silent_and_a_still_too(tmp_path: Path) -> None:
    ear = Ear()
    observe(clip(tmp_path / "c.mp4"), listeners=[ear])
    assert ear.heard.size == 0
    assert ear.closed == 1


@pytest.mark.parametrize(("sound", "picture", "begins"), [(0.5, 0.0, 0.5), (0.0, 0.5, 0.0), (3.0, 2.75, 0.25)])
def test_zero_is_the_first_presented_frame(sound: float, picture: float, begins: float) -> None:
    samples = tone(1.0)
    heard = hear([frame(samples[:24_000], sound), frame(samples[24_000:], sound + 0.5)], picture)
    assert burst_at(heard) == pytest.approx(begins, abs=0.01)
    assert len(heard) / HERTZ == pytest.approx(max(0.0, sound - picture) + 1.0 - max(0.0, picture - sound), abs=0.01)


def test_without_a_picture_zero_is_the_first_sample() -> None:
    assert burst_at(hear([frame(tone(0.5), 7.0)], picture=False)) == pytest.approx(0.0, abs=0.01)


def test_pauses_are_silence_and_overlaps_are_heard_once() -> None:
    paused = hear([frame(tone(0.5), 0.0), frame(tone(0.5), 2.0)], 0.0)
    assert len(paused) / HERTZ == pytest.approx(2.5, abs=0.01)
    assert np.abs(paused[HERTZ : 2 * HERTZ - 200]).max() < 0.01
    overlapping = hear([frame(tone(0.5), 0.0), frame(tone(0.5), 0.3)], 0.0)
    assert len(overlapping) / HERTZ == pytest.approx(0.8, abs=0.01)


def test_a_clock_that_leaps_by_a_day_is_not_filled() -> None:
    assert len(hear([frame(tone(0.5), 0.0), frame(tone(0.5), 90_000.0)], 0.0)) / HERTZ == pytest.approx(1.0, abs=0.01)


def test_a_rate_that_changes_on_the_way_is_followed() -> None:
    heard = hear([frame(tone(0.5), 0.0), frame(tone(0.5, 22_050), 0.5, 22_050)], 0.0)
    assert len(heard) / HERTZ == pytest.approx(1.0, abs=0.02)


def test_damaged_sound_costs_the_sound_alone(tmp_path: Path) -> None:
    whole = clip(tmp_path / "c.mkv", 50, codec="ffv1", sound_seconds=2.0).read_bytes()
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(whole[: int(len(whole) * 0.9)])
    ear = Ear()
    facts = observe(broken, listeners=[ear])
    assert facts.frame_count_content > 20
    assert ear.closed == 1


def speech(seconds: float) -> npt.NDArray[np.float32]:
    random = np.random.default_rng(5)
    times = np.arange(round(seconds * HERTZ)) / HERTZ
    return (0.3 * np.sin(2 * np.pi * 500 * times + 20 * np.sin(3 * times)) * random.random(len(times)) ** 0.1).astype(
        np.float32
    )


@pytest.mark.parametrize("suffix", [SUFFIX, RAW_SUFFIX])
def test_a_track_gives_back_any_stretch_at_its_time(tmp_path: Path, suffix: str) -> None:
    sound, path = speech(30.0), tmp_path / f"sound{suffix}"
    writer = SoundReviewWriter(path) if suffix == SUFFIX else RawSoundWriter(path)
    for start in range(0, len(sound), 5_001):
        writer.sound(sound[start : start + 5_001])
    writer.close()
    for start, end in [(0.0, 1.0), (0.7, 3.1), (12.345, 13.345), (29.0, 30.0)]:
        wanted = sound[round(start * HERTZ) : round(end * HERTZ)]
        assert np.corrcoef(read_stretch(path, start, end), wanted)[0, 1] > 0.9
    beyond = read_stretch(path, 29.5, 31.0)
    assert len(beyond) == 12_000
    assert np.abs(beyond[-3_000:]).max() < 1e-3


def test_no_track_is_written_where_nothing_sounds(tmp_path: Path) -> None:
    for writer in (SoundReviewWriter(tmp_path / "a.opus"), RawSoundWriter(tmp_path / "a.pcm")):
        writer.close()
    assert list(tmp_path.iterdir()) == []


def test_the_track_of_a_video_lines_up_with_its_pictures(tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    sound = np.concatenate([np.zeros(48_000, np.float32), tone(1.0)])
    with VideoWriter(path, 96, 64, 25) as writer:
        writer.add_sound(sound, 48_000)
        for _ in range(50):
            writer.write(np.zeros((64, 96, 3), np.uint8))
    ear = Ear()
    observe(path, listeners=[ear])
    assert burst_at(ear.heard) == pytest.approx(1.0, abs=0.01)
