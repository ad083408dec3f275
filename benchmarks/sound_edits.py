"""What sound goes through on its way around the web, as functions of samples: float32, mono, at `RATE`."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

type Sound = npt.NDArray[np.float32]

RATE = 44_100


@dataclass(frozen=True, slots=True)
class SoundEdit:
    """An edit: how it is made, and how many seconds of the source one second of the result holds."""

    make: Callable[[Sound, np.random.Generator], Sound]
    tempo: float = 1.0


def noisy(sound: Sound, decibels: float, rng: np.random.Generator) -> Sound:
    """White noise added, so many decibels below the sound."""
    level = float(np.sqrt(np.mean(sound**2))) * 10 ** (-decibels / 20)
    return (sound + rng.standard_normal(len(sound)) * level).astype(np.float32)


def telephone(sound: Sound) -> Sound:
    """300 to 3400 Hz alone."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(spectrum * ((hertz >= 300) & (hertz <= 3400)), len(sound)).astype(np.float32)


def faster(sound: Sound, rate: float) -> Sound:
    """Played `rate` times as fast, pitch and all."""
    return np.interp(np.arange(int(len(sound) / rate)) * rate, np.arange(len(sound)), sound).astype(np.float32)


def stretched(sound: Sound, rate: float) -> Sound:
    """`rate` times as fast with its pitch kept: WSOLA (Verhelst and Roelands, ICASSP 1993), windows of 46 ms."""
    window, hop, reach = 2048, 1024, 512
    shape = np.hanning(window + 1)[:window]
    out = np.zeros(int(len(sound) / rate) + window, np.float32)
    place = 0
    for start in range(0, len(out) - window, hop):
        wanted = round(start * rate)
        natural = sound[place + hop : place + hop + window]
        low, high = max(0, wanted - reach), min(len(sound) - window, wanted + reach)
        if high <= low or len(natural) < window:
            break
        if start:
            near = sound[low : high + window]
            size = 1 << (len(near) + window).bit_length()
            product = np.fft.irfft(np.fft.rfft(near, size) * np.conj(np.fft.rfft(natural, size)), size)
            place = low + int(product[: high - low].argmax())
        out[start : start + window] += (sound[place : place + window] * shape).astype(np.float32)
    return out[: int(len(sound) / rate)]


def coded(sound: Sound, codec: str, container: str, bits: int) -> Sound:
    """Encoded and decoded again; what the encoder puts before the sound is cut off by the container's own account."""
    rate = 48_000 if codec == "libopus" else RATE
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        stream.bit_rate = bits
        resampler = av.AudioResampler(
            format=stream.codec_context.format or "fltp",
            layout="mono",
            rate=rate,
            frame_size=960 if codec == "libopus" else 1024 if codec == "aac" else 1152,
        )
        frame = av.AudioFrame.from_ndarray(np.clip(sound, -1, 1)[None].astype(np.float32), format="flt", layout="mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = 0, Fraction(1, RATE)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    file.seek(0)
    back = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    pieces = []
    with av.open(file) as made:
        for frame in made.decode(made.streams.audio[0]):
            frame.pts = None
            pieces += [one.to_ndarray()[0] for one in back.resample(frame)]
    pieces += [one.to_ndarray()[0] for one in back.resample(None)]
    return np.concatenate(pieces)[: len(sound)].astype(np.float32)


def _speed(rate: float) -> SoundEdit:
    return SoundEdit(lambda sound, _: faster(sound, rate), rate)


def _tempo(rate: float) -> SoundEdit:
    return SoundEdit(lambda sound, _: stretched(sound, rate), rate)


EDITS: Mapping[str, SoundEdit] = {
    "as it is": SoundEdit(lambda sound, _: sound),
    "white noise at 0 dB": SoundEdit(lambda sound, rng: noisy(sound, 0, rng)),
    "300 to 3400 Hz": SoundEdit(lambda sound, _: telephone(sound)),
    "MP3, 32 kb/s": SoundEdit(lambda sound, _: coded(sound, "libmp3lame", "mp3", 32_000)),
    "AAC, 32 kb/s": SoundEdit(lambda sound, _: coded(sound, "aac", "ipod", 32_000)),
    "Opus, 16 kb/s": SoundEdit(lambda sound, _: coded(sound, "libopus", "ogg", 16_000)),
    "2 % faster": _speed(1.02),
    "2 % slower": _speed(0.98),
    "4 % faster": _speed(1.04),
    "4 % slower": _speed(0.96),
    "6 % faster": _speed(1.06),
    "6 % slower": _speed(0.94),
    "6 % faster, noise at 6 dB": SoundEdit(lambda sound, rng: noisy(faster(sound, 1.06), 6, rng), 1.06),
    "6 % faster, noise at 0 dB": SoundEdit(lambda sound, rng: noisy(faster(sound, 1.06), 0, rng), 1.06),
    "6 % faster, pitch kept": _tempo(1.06),
    "6 % slower, pitch kept": _tempo(0.94),
}
