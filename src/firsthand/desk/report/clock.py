"""Times as people read them."""

from datetime import UTC, datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def on_medium(seconds: float, *, digits: int = 1) -> str:
    """A time on a medium, such as `1:02:03.4`, rounded to `digits` decimals."""
    unit = 10**digits
    ticks = round(seconds * unit)
    whole, part = divmod(ticks, unit)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    decimals = f".{part:0{digits}d}" if digits else ""
    front = f"{hours}:{minute:02d}" if hours else f"{minute}"
    return f"{front}:{second:02d}{decimals}"


def stretch(span: tuple[float, float]) -> str:
    """A stretch of a medium, or its one instant."""
    start, end = (on_medium(time) for time in span)
    return start if start == end else f"{start}\N{EN DASH}{end}"


def civil(moment: datetime) -> str:
    """A moment in UTC to the minute, such as `20 November 2026, 09:12 UTC`; a moment without a zone is taken as UTC."""
    at = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"
