"""Amounts as people read them."""

from datetime import datetime

from firsthand.model.digest import Digest

_SHORT = 12


def clock(seconds: float | None) -> str:
    """A duration as `1:02:03` or `2:03`; nothing for a still."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(size_bytes: int) -> str:
    """A number of bytes in the decimal unit that suits it."""
    amount = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 item`, `2 items`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def hours(number: float) -> str:
    """Hours with one decimal, or minutes where they are fewer."""
    return f"{number:.1f} hours" if number >= 1 else f"{number * 60:.1f} minutes"


def short(digest: Digest) -> str:
    """The start of a digest, enough to name the item by."""
    return str(digest)[: len("sha256:") + _SHORT]


def local(at: datetime) -> str:
    """A civil time on this machine's clock, to the minute."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
