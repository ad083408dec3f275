"""The options that every command takes, before its name and after it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import click

from firsthand import __version__
from firsthand.archive.place import archive_place
from firsthand.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for, wherever it stood.

    Attributes:
        archive: the archive's folder that was named, `None` where none was.
        json: one JSON document on standard output and nothing else there.
        quiet: no progress, and no lines for people that a program does not need.
        verbose: the details of what went wrong.
    """

    archive: Path | None
    json: bool
    quiet: bool
    verbose: bool

    @property
    def layout(self) -> Layout:
        """The archive that is meant."""
        return archive_place(self.archive)


def chosen(ctx: click.Context) -> Settings:
    """The settings of the running command."""
    asked: dict[str, Any] = ctx.ensure_object(dict)
    return Settings(
        archive=asked.get("archive"),
        json=bool(asked.get("json")),
        quiet=bool(asked.get("quiet")),
        verbose=bool(asked.get("verbose")),
    )


def common_options[Made: Callable[..., Any]](made: Made) -> Made:
    """Give a command or group the options that all have."""
    return reduce(lambda function, option: option(function), reversed(_OPTIONS), made)


def _remember(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep an option for the command that runs; one that does not stand here changes nothing."""
    if value is not None and value is not False:
        ctx.ensure_object(dict)[parameter.name] = value


_OPTIONS = (
    click.option(
        "--archive",
        type=click.Path(file_okay=True, path_type=Path),
        metavar="DIR",
        callback=_remember,
        expose_value=False,
        help="The archive's folder; else $FIRSTHAND_ARCHIVE, else the platform's data folder.",
    ),
    click.option("--json", is_flag=True, callback=_remember, expose_value=False, help="Answer with one JSON document."),
    click.option(
        "--quiet", "-q", is_flag=True, callback=_remember, expose_value=False, help="Say only answers and what failed."
    ),
    click.option(
        "--verbose", "-v", is_flag=True, callback=_remember, expose_value=False, help="Say why in every detail."
    ),
    click.version_option(__version__, prog_name="firsthand", message="%(prog)s %(version)s"),
)
