"""The options that keep a search to some items: `match` and `check` take them."""

from collections.abc import Callable
from functools import reduce, wraps
from typing import Any

import click

from firsthand.desk.cli.when import When
from firsthand.errors import WrongUsageError
from firsthand.model.item import Kind
from firsthand.model.selection import Selection

_KINDS = (Kind.VIDEO, Kind.IMAGE, Kind.SOUND)


def selecting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options; it gets one `selection` for them."""

    @wraps(command)
    def with_selection(*args: Any, **values: Any) -> Any:  # noqa: ANN401 (whatever the command takes and gives)
        return command(*args, selection=_selection(values), **values)

    return reduce(lambda function, option: option(function), reversed(_OPTIONS), with_selection)


def _selection(values: dict[str, Any]) -> Selection:
    """The selection that the options name; they are taken out of `values`.

    Raises:
        WrongUsageError: no date lies between the dates.
    """
    try:
        return Selection(
            collections=values.pop("collection"),
            kinds=tuple(Kind(kind) for kind in values.pop("kind")),
            published_since=values.pop("published_since"),
            published_until=values.pop("published_until"),
        )
    except ValueError as error:
        raise WrongUsageError(f"--published-until: {error}") from error


_OPTIONS = (
    click.option(
        "--collection", multiple=True, metavar="NAME", help="Search only this collection; may be given again."
    ),
    click.option(
        "--kind",
        multiple=True,
        type=click.Choice([kind.value for kind in _KINDS]),
        help="Search only items of this kind; may be given again.",
    ),
    click.option(
        "--published-since",
        type=When(),
        metavar="WHEN",
        help="Search only items that can have been published then or later; undated items are left out and counted.",
    ),
    click.option(
        "--published-until",
        type=When(),
        metavar="WHEN",
        help="Search only items that can have been published then or before; undated items are left out and counted.",
    ),
)
