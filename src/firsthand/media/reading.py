"""The pictures of a medium one after the other, for those who pull rather than observe."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer

from firsthand.errors import UnreadableMediaError
from firsthand.media.budget import Budget
from firsthand.media.container import main_video
from firsthand.media.formats import Format, identify
from firsthand.media.observe import observe
from firsthand.media.opening import open_container
from firsthand.media.picture import Picture
from firsthand.media.video_track import VideoTrack
from firsthand.model.item import Kind


def read_pictures(path: Path, longest_side: int | None = None) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """Each presented picture as its time in seconds and RGB, uint8 of shape (height, width, 3), never enlarged.

    What cannot be decoded is passed over. A still is one picture at time 0.

    Raises:
        InputError: as `observe`.
    """
    for picture in pictures(path):
        yield picture.time_seconds, picture.rgb(longest_side or max(picture.width, picture.height))


def pictures(path: Path) -> Iterator[Picture]:
    """Each presented picture of the medium at `path`; raises as `read_pictures`."""
    known, seen = identify(path), _Collector()
    if known.kind_hint is Kind.IMAGE:
        observe(path, [seen])
        yield from seen.drain()
        return
    with open_container(path, known) as container:
        yield from _container_pictures(container, path, known, seen)


def _container_pictures(container: InputContainer, path: Path, known: Format, seen: "_Collector") -> Iterator[Picture]:
    stream = main_video(container)
    if stream is None:
        raise UnreadableMediaError(f"{path.name} ({known.name}) holds no picture that can be read")
    track = VideoTrack(stream, [seen], Budget())
    try:
        for packet in container.demux(*[container.streams[stream.index]]):
            track.feed(packet)
            yield from seen.drain()
    except av.error.InvalidDataError:
        pass  # what follows cannot be found; what came before was given
    track.finish()
    yield from seen.drain()


class _Collector:
    """An observer that keeps pictures until somebody takes them."""

    def __init__(self) -> None:
        self._pictures: list[Picture] = []

    def picture(self, picture: Picture) -> None:
        self._pictures.append(picture)

    def close(self) -> None:
        pass

    def drain(self) -> list[Picture]:
        taken, self._pictures = self._pictures, []
        return taken
