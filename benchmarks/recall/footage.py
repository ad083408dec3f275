"""Pictures and sound of a clip, read with PyAV alone."""

from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.edits import Picture, Size, resize

SOUND_RATE = 44_100
IMAGES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Decoded pictures and their seconds from the clip's first frame."""

    seconds: npt.NDArray[np.float64]
    pictures: tuple[Picture, ...]

    def at(self, second: float) -> Picture:
        """The picture nearest in time."""
        return self.pictures[int(np.argmin(np.abs(self.seconds - second)))]


def working_size(size: Size, long_side: int) -> Size:
    """`size` shrunk so that its longer side is at most `long_side`."""
    factor = min(1.0, long_side / max(size))
    return max(2, round(size[0] * factor)), max(2, round(size[1] * factor))


def _upright(frame: av.VideoFrame, aspect: float, long_side: int) -> Picture:
    size = working_size((round(frame.width * aspect), frame.height), long_side)
    picture = frame.reformat(width=size[0], height=size[1], format="bgr24", interpolation="AREA").to_ndarray()
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, quarters)).astype(np.uint8, copy=False)


def read_stretch(path: Path, start: float, end: float, long_side: int = 640) -> Stretch:
    """Pictures presented from just before `start` to just after `end`; a still gives its one picture.

    Raises:
        ValueError: nothing could be decoded there.
    """
    if path.suffix.lower() in IMAGES:
        return Stretch(np.zeros(1), (_read_still(path, long_side),))
    seconds: list[float] = []
    pictures: list[Picture] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        aspect = float(stream.sample_aspect_ratio or 1) or 1.0
        first: float | None = None
        last: Picture | None = None
        last_second = 0.0
        for frame in container.decode(stream):
            if frame.pts is None or frame.time is None:
                continue
            first = frame.time if first is None else first
            second = frame.time - first
            if second > end + 0.05 and pictures:
                break
            if second < start - 0.1:
                last_second = second
                continue
            seconds.append(second)
            last = _upright(frame, aspect, long_side)
            pictures.append(last)
    if not pictures:
        raise ValueError(f"expected pictures of {path.name} at {start:.2f} s, got none up to {last_second:.2f} s")
    return Stretch(np.array(seconds), tuple(pictures))


def _read_still(path: Path, long_side: int) -> Picture:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"expected a picture in {path.name}, got none")
    return resize(np.asarray(picture, np.uint8), working_size((picture.shape[1], picture.shape[0]), long_side))


def read_sound(path: Path) -> npt.NDArray[np.float32]:
    """Mono samples at `SOUND_RATE` from the first presented frame (sound only: first sample); empty where silent."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        lag = _sound_lag(container)
        container.seek(0)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
        blocks: list[npt.NDArray[np.float32]] = []
        for frame in container.decode(container.streams.audio[0]):
            frame.pts = None
            blocks.extend(block.to_ndarray()[0].astype(np.float32) for block in resampler.resample(frame))
        blocks.extend(block.to_ndarray()[0].astype(np.float32) for block in resampler.resample(None))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    shift = round(lag * SOUND_RATE)
    return np.concatenate([np.zeros(shift, np.float32), samples]) if shift > 0 else samples[-shift:]


def _sound_lag(container: av.container.InputContainer) -> float:
    """Seconds by which the sound's first sample follows the first picture."""
    if not container.streams.video:
        return 0.0
    sound = next(container.decode(container.streams.audio[0]), None)
    container.seek(0)
    picture = next(container.decode(container.streams.video[0]), None)
    if sound is None or picture is None or sound.time is None or picture.time is None:
        return 0.0
    return float(sound.time) - float(picture.time)
