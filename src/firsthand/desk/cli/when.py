"""A date as a person states it."""

import click

from firsthand.model.civil import CivilStretch


class When(click.ParamType[str]):
    """An ISO 8601 date of any precision from the year to the second, kept as it was typed."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself, once it is sure that it is a date."""
        text = str(value)
        try:
            CivilStretch.of(text)
        except ValueError:
            self.fail(
                f"expected a date such as 2024, 2024-05, 2024-05-01 or 2024-05-01T14:30Z, got {text!r}", param, ctx
            )
        return text
