"""Opens containers so that a file decides nothing about which code reads it."""

import os
from pathlib import Path

import av
from av.container import InputContainer

from firsthand.errors import UnreadableMediaError
from firsthand.media.codecs import AUDIO_DECODERS, VIDEO_DECODERS
from firsthand.media.formats import Format


def open_container(path: Path, known: Format) -> InputContainer:
    """The file, opened by the one demuxer that its bytes asked for, with no way to any other file or address.

    Raises:
        UnreadableMediaError: the demuxer cannot make sense of it.
        MemoryError: it asks for more memory than there is.
    """
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": known.demuxer,
        "codec_whitelist": ",".join(sorted(VIDEO_DECODERS | AUDIO_DECODERS)),
    }
    demuxer = known.demuxer.split(",")[0]
    try:
        # The prefix keeps names such as "data:…" or "-" from being anything but names.
        return av.open("file:" + os.path.abspath(path), "r", format=demuxer, options=options)  # noqa: PTH100 - as typed
    except av.error.MemoryError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise UnreadableMediaError(f"{path.name} cannot be opened as {known.name}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """What a library's error says, without the path and numbers around it."""
    return str(getattr(error, "strerror", None) or error)
