"""Texts from outside, made safe to read: nothing hidden, nothing endless. Escaping is the template's part."""

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_MARKS = frozenset({"Mn", "Me"})
_FOLDERS = re.compile(r"(?<![\w/:.])/(?:[^\s/]+/)+")
_LONGEST_STACK = 4
"""Combining marks that may follow one another; more would paint over the lines beside them."""


def visible(text: str, limit: int = 300) -> str:
    """The text with control, bidi and other hidden characters written out, its middle left out beyond `limit`.

    Joiners between letters that need them (Persian, Indic scripts, emoji) stay as they are.
    """
    return "".join(_written_out(part) for part in _shortened(text, limit))


def file_name(path: str, limit: int = 120) -> str:
    """The last part of a path, made visible; folders stay out of what leaves the desk."""
    name = PureWindowsPath(path).name if _looks_like_windows(path) else PurePosixPath(path).name
    return visible(name or path, limit)


def without_folders(message: str, path: str) -> str:
    """A message with the paths that it names cut down to the files' names."""
    named = message.replace(path, file_name(path)) if path else message
    return visible(_FOLDERS.sub("", named))


def linkable(url: str) -> bool:
    """Whether the text is a plain web address that shows all that it holds."""
    if len(url) > 2048 or visible(url, 2048) != url or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _looks_like_windows(path: str) -> bool:
    return "/" not in path and "\\" in path


def _shortened(text: str, limit: int) -> tuple[str, ...]:
    if len(text) <= limit:
        return (text,)
    tail = limit // 3
    left_out = len(text) - limit
    return (text[: limit - tail], f" […{left_out} characters left out…] ", text[-tail:] if tail else "")


def _written_out(text: str) -> str:
    shown: list[str] = []
    stack = 0
    for position, character in enumerate(text):
        stack = stack + 1 if unicodedata.category(character) in _MARKS else 0
        hidden = unicodedata.category(character) in _HIDDEN and not _joins(text, position)
        shown.append(f"⟨U+{ord(character):04X}⟩" if hidden or stack > _LONGEST_STACK else character)
    return "".join(shown)


def _joins(text: str, position: int) -> bool:
    around = text[max(0, position - 1) : position] + text[position + 1 : position + 2]
    return text[position] in _JOINERS and len(around) == 2 and all(ord(character) > 0x2FF for character in around)
