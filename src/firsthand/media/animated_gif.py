"""Whether a GIF moves."""

from typing import BinaryIO

_MAX_BLOCKS = 1_000_000


def is_animated_gif(file: BinaryIO) -> bool:
    """Whether the file holds more than one picture; walks its blocks without decoding (GIF89a, sections 17 to 25).

    A file that breaks off counts as far as it goes.
    """
    file.seek(10)
    _skip_colours(file, file.read(3)[:1])
    pictures = 0
    for _ in range(_MAX_BLOCKS):
        match file.read(1):
            case b"\x21":
                file.seek(1, 1)
            case b"\x2c":
                pictures += 1
                if pictures == 2:
                    return True
                _skip_colours(file, file.read(9)[8:])
                file.seek(1, 1)
            case _:
                return False
        if not _skip_sub_blocks(file):
            return False
    return False


def _skip_colours(file: BinaryIO, flags: bytes) -> None:
    if flags and flags[0] & 0x80:
        file.seek(3 << ((flags[0] & 7) + 1), 1)


def _skip_sub_blocks(file: BinaryIO) -> bool:
    for _ in range(_MAX_BLOCKS):
        size = file.read(1)
        if not size:
            return False
        if size == b"\0":
            return True
        file.seek(size[0], 1)
    return False
