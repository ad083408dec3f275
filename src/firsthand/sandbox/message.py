"""What a child may say to the program: one frame a message, its kind in the first byte."""

import math
import struct
import unicodedata

import msgspec

PROGRESS = b"p"
RESULT = b"r"
FAILURE = b"f"

OVERHEAD_BYTES = 64 * 1024
"""What a message may hold beside the result itself."""

_FRACTION = struct.Struct("<d")
_LONGEST_SENTENCE = 400
_LONGEST_TRACE = 20_000


class Failure(msgspec.Struct, frozen=True, array_like=True):
    """Why there is no result: the `code` of an error of ours or "", one sentence, a traceback for the log."""

    code: str
    sentence: str
    trace: str = ""


def progress(fraction: float) -> bytes:
    """A message that `fraction` of the work is done."""
    return PROGRESS + _FRACTION.pack(fraction)


def progress_of(body: bytes | memoryview) -> float | None:
    """The fraction that such a message tells, within [0, 1]; `None` where it tells none."""
    if len(body) != _FRACTION.size:
        return None
    (fraction,) = _FRACTION.unpack(body)
    return min(1.0, max(0.0, fraction)) if math.isfinite(fraction) else None


def failure(code: str, sentence: str, trace: str = "") -> bytes:
    """A message that there will be no result."""
    clean = trace[-_LONGEST_TRACE:].encode("utf-8", "replace").decode()
    return FAILURE + msgspec.msgpack.encode(Failure(code, plain_sentence(sentence), clean))


def failure_of(body: bytes | memoryview) -> Failure:
    """The failure that such a message tells; an unreadable one tells that."""
    try:
        told = msgspec.msgpack.decode(body, type=Failure)
    except msgspec.MsgspecError:
        return Failure("", "the reader's message could not be understood")
    return Failure(told.code, plain_sentence(told.sentence), told.trace[-_LONGEST_TRACE:])


def plain_sentence(text: str) -> str:
    """`text` on one line without control, bidirectional or unpaired characters, cut to a few hundred characters."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    line = " ".join(kept.split())
    return line if len(line) <= _LONGEST_SENTENCE else line[: _LONGEST_SENTENCE - 1] + "…"
