"""What is documented is what there is."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from firsthand import errors
from firsthand.desk.cli.app import app
from firsthand.recall.methods import SETTING

ROOT = Path(__file__).parents[2]


def commands(name: str, command: click.Command, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for one in command.list_commands(ctx):
            found = command.get_command(ctx, one)
            assert found is not None
            yield from commands(f"{name} {one}", found, ctx)
    else:
        yield name, command


def classes(root: type[errors.FirsthandError]) -> Iterator[type[errors.FirsthandError]]:
    for one in root.__subclasses__():
        yield one
        yield from classes(one)


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs/commands.md").read_text()
    with click.Context(app) as ctx:
        for name, command in commands("firsthand", app, ctx):
            assert f"`{name}" in text, name
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    assert parameter.opts[0] in text, (name, parameter.opts)


@pytest.mark.parametrize("error", sorted(classes(errors.FirsthandError), key=lambda one: one.__name__))
def test_every_error_is_drawn_and_documented(error: type[errors.FirsthandError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")
    assert f"| `{error.code}` | {error.exit_code} | `{error.__name__}` |" in (ROOT / "docs/errors.md").read_text()


@pytest.mark.parametrize("setting", [SETTING, "FIRSTHAND_ARCHIVE"])
def test_every_setting_is_documented(setting: str) -> None:
    assert setting in (ROOT / "docs/commands.md").read_text()


@pytest.mark.parametrize("typed", ["uv run firsthand demo", "uv run pytest"])
def test_two_commands_do_all_the_set_up(typed: str) -> None:
    assert f"    pip install uv && {typed}\n" in (ROOT / "README.md").read_text()
