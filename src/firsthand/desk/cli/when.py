"""A date as a person states it."""

import re
from datetime import date, datetime

import click

_FORM = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2})"
    r"(?P<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?\Z",
    re.ASCII,
)


class When(click.ParamType[str]):
    """An ISO 8601 date of any precision from the year to the second, kept as it was typed."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself, once it is sure that it is a date."""
        text = str(value)
        if not _is_date(text):
            self.fail(
                f"expected a date such as 2024, 2024-05, 2024-05-01 or 2024-05-01T14:30Z, got {text!r}", param, ctx
            )
        return text


def _is_date(text: str) -> bool:
    form = _FORM.match(text)
    if form is None:
        return False
    try:
        date(int(form["year"]), int(form["month"] or 1), int(form["day"] or 1))
        if form["time"]:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
