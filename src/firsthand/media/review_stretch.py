"""A stretch of the grey pictures of a review track, without decoding all that comes before it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av import VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from firsthand.errors import UnreadableMediaError
from firsthand.media.container import main_video
from firsthand.media.formats import identify
from firsthand.media.opening import open_container
from firsthand.media.picture import Pixels, Scaler


def read_gray(path: Path, width: int, height: int, start: float, end: float) -> tuple[npt.NDArray[np.float64], Pixels]:
    """The luma of the pictures in `[start, end)` seconds of a video's review track, as `review_gray` gives it.

    Returns:
        Times, float64, shape (n,), and pictures, uint8, shape (n, height, width).

    Raises:
        InputError: the file is missing or no review track.
    """
    times: list[float] = []
    frames: list[Pixels] = []
    scaler = Scaler()
    with open_container(path, identify(path)) as container:
        stream = main_video(container)
        if stream is None:
            raise UnreadableMediaError(f"{path.name} is no review track")
        for frame in _decoded(container, stream, start):
            time = (frame.pts or 0) * float(frame.time_base)
            if time >= end:
                break
            if time >= start:
                times.append(time)
                frames.append(scaler.pixels(frame, width, height, "gray"))
    return np.array(times, np.float64), np.array(frames, np.uint8).reshape(len(times), height, width)


def _decoded(container: InputContainer, stream: VideoStream, start: float) -> Iterator[VideoFrame]:
    """Pictures from the last key frame before `start` on; what cannot be decoded is passed over."""
    if start > 0:
        with suppress(av.error.FFmpegError):  # past the end, say: decoding goes on from where it is
            container.seek(int(start / float(stream.time_base)), stream=stream)
    with suppress(av.error.InvalidDataError):  # what follows cannot even be found
        for packet in container.demux(stream):
            with suppress(av.error.InvalidDataError):
                yield from packet.decode()
