"""Civil times as people state them: to the year, the month, the day, the minute or the second."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FORM = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2})"
    r"(?P<time>[T ]\d{2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?\Z",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class CivilStretch:
    """All instants that a stated civil time can mean, half-open; a time without a zone is taken as UTC.

    `low` and `high` are in UTC; `2024-05` runs from 1 May to 1 June.
    """

    low: datetime
    high: datetime

    @classmethod
    def of(cls, text: str) -> "CivilStretch":
        """The instants that an ISO 8601 text of reduced precision, such as `2024-05`, can mean.

        Raises:
            ValueError: it is no such text.
        """
        form = _FORM.match(text)
        if form is None:
            raise ValueError(f"expected a date such as 2024, 2024-05, 2024-05-01 or 2024-05-01T14:30Z, got {text!r}")
        if form["time"]:
            return cls._of_time(text, form)
        year, month, day = int(form["year"]), int(form["month"] or 1), int(form["day"] or 1)
        low = datetime(year, month, day, tzinfo=UTC)
        if form["day"]:
            return cls(low, _or_last(low, timedelta(days=1)))
        later = (year, month + 1) if form["month"] and month < 12 else (year + 1, 1)
        return cls(low, datetime(*later, 1, tzinfo=UTC) if later[0] <= date.max.year else _LAST)

    @classmethod
    def _of_time(cls, text: str, form: re.Match[str]) -> "CivilStretch":
        stated = datetime.fromisoformat(text)
        try:
            low = stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)
        except OverflowError as error:
            raise ValueError(f"expected a time that UTC can tell, got {text!r}") from error
        precision = timedelta(microseconds=1) if form["fraction"] else timedelta(seconds=1 if form["seconds"] else 60)
        return cls(low, _or_last(low, precision))


_LAST = datetime.max.replace(tzinfo=UTC)


def _or_last(low: datetime, length: timedelta) -> datetime:
    return low + length if _LAST - low > length else _LAST
