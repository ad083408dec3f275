"""What is documented is what there is, and nothing that the program can say is a verdict."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import msgspec
import pytest

from firsthand import errors
from firsthand.archive import place
from firsthand.desk import documents
from firsthand.desk.cli.app import app
from firsthand.recall import methods

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/firsthand"
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
VERDICTS = re.compile(
    r"(?<![a-z_])(true|false|fake[ds]?|authentic(ity)?|genuine|staged|tamper(ed|ing)?|suspicious|manipulated|doctored"
    r"|forged|hoax|debunked)(?![a-z_])",
    re.IGNORECASE,
)
NO_VERDICTS = {"UPDATE item SET key = key WHERE FALSE": "SQL: takes the lock and changes nothing"}


def walked(name: str, command: click.Command, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for one in command.list_commands(ctx):
            found = command.get_command(ctx, one)
            assert found is not None
            yield from walked(f"{name} {one}", found, ctx)
    else:
        yield name, command


def all_commands() -> dict[str, click.Command]:
    with click.Context(app) as ctx:
        return dict(walked("firsthand", app, ctx))


def sections(text: str) -> dict[str, str]:
    """The text below each heading, by the heading."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section_of(command: str) -> str:
    found = [body for heading, body in sections(COMMANDS).items() if re.match(rf"`{command}[ `]", heading)]
    assert len(found) == 1, f"expected one heading for {command}, got {len(found)}"
    return found[0]


def classes(root: type[errors.FirsthandError]) -> Iterator[type[errors.FirsthandError]]:
    for one in root.__subclasses__():
        if one.__module__ == errors.__name__:
            yield one
            yield from classes(one)


def all_documents() -> list[type[msgspec.Struct]]:
    found = [
        one
        for module in iter_modules(documents.__path__, f"{documents.__name__}.")
        for one in vars(import_module(module.name)).values()
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and "schema" in one.__struct_fields__
    ]
    return sorted(set(found), key=lambda one: one.__name__)


def literals(source: str) -> Iterator[str]:
    """The strings of a module, but for docstrings, which only developers read."""
    tree = ast.parse(source)
    told = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, told)]
    remarks = [body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in remarks:
            yield node.value


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_command_is_documented_with_its_options_and_examples(name: str) -> None:
    command, section = all_commands()[name], section_of(name)
    everywhere = sections(COMMANDS)["Options of every command"]
    common = {option for one in app.params for option in one.opts} | {"--help", "-h"}
    for parameter in command.params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if isinstance(parameter, click.Option):
                text = everywhere if option in common else section
                assert re.search(rf"`{option}[ `]", text), option
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  firsthand")]
    assert examples
    assert [one for one in examples if f"    {one}\n" not in section] == []


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_choice_of_an_option_is_documented(name: str) -> None:
    for parameter in all_commands()[name].params:
        if isinstance(parameter.type, click.Choice):
            for choice in parameter.type.choices:
                assert f"`{parameter.opts[0]} {choice}`" in section_of(name)


def test_no_command_or_option_is_documented_that_there_is_not() -> None:
    headings = [
        found[1] for heading in sections(COMMANDS) if (found := re.match(r"`(firsthand [a-z ]*[a-z])", heading))
    ]
    assert sorted(headings) == sorted(all_commands())
    for name, command in all_commands().items():
        known = {option for one in command.params for option in one.opts}
        rows = re.findall(r"^\| `(--[a-z-]+)", section_of(name), re.MULTILINE)
        assert [option for option in rows if option not in known] == []


@pytest.mark.parametrize("document", all_documents(), ids=lambda one: one.__name__)
def test_every_document_is_documented_with_its_own_fields(document: type[msgspec.Struct]) -> None:
    schema = document.__struct_defaults__[document.__struct_fields__.index("schema") - len(document.__struct_fields__)]
    section = sections(COMMANDS)[f"`{schema}`"]
    common = {"schema", "version", "errors"}
    missing = [name for name in document.__struct_fields__ if name not in common and f"`{name}" not in section]
    assert missing == []


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 130])
def test_every_exit_code_is_documented(code: int) -> None:
    assert f"\n| {code} | " in sections(COMMANDS)["Exit codes"]


@pytest.mark.parametrize("error", sorted(classes(errors.FirsthandError), key=lambda one: one.__name__))
def test_every_error_is_drawn_and_documented(error: type[errors.FirsthandError]) -> None:
    assert re.search(rf"── {error.__name__}\b", errors.__doc__ or "")
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert f"\n| `{error.code}` | {error.exit_code} | `{error.__name__}` | " in text


def test_every_error_has_its_own_code() -> None:
    codes = [one.code for one in classes(errors.FirsthandError)]
    assert len(codes) == len(set(codes))


def test_no_error_is_documented_that_there_is_not() -> None:
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    known = {one.__name__ for one in classes(errors.FirsthandError)} | {errors.FirsthandError.__name__}
    assert [name for name in re.findall(r"`(\w+Error)`", text) if name not in known] == []


@pytest.mark.parametrize("setting", [methods.SETTING, place.VARIABLE])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"\n| `{setting}` | " in sections(COMMANDS)["Environment"]


def test_no_variable_of_the_environment_is_read_that_is_not_documented() -> None:
    named = {
        name for path in SOURCE.rglob("*.py") for name in re.findall(r"FIRSTHAND_[A-Z_]+", path.read_text("utf-8"))
    }
    assert named == {methods.SETTING, place.VARIABLE}


@pytest.mark.parametrize("typed", ["pip install uv && uv run firsthand demo", "pip install uv && uv run pytest"])
def test_the_readme_has_the_two_commands_that_do_all_the_set_up(typed: str) -> None:
    assert f"\n    {typed}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_sentence_of_the_program_passes_a_verdict(path: Path) -> None:
    found = [text for text in literals(path.read_text(encoding="utf-8")) if VERDICTS.search(text)]
    assert [text for text in found if text not in NO_VERDICTS] == []


def test_words_that_are_allowed_are_still_there() -> None:
    said = {text for path in SOURCE.rglob("*.py") for text in literals(path.read_text(encoding="utf-8"))}
    assert set(NO_VERDICTS) <= said


@pytest.mark.parametrize("word", ["this is fake", "Authentic", "tampered with", "a suspicious cut", "staged", "false."])
def test_a_verdict_would_be_noticed(word: str) -> None:
    assert [text for text in literals(f"def said():\n    'a remark'\n    return {word!r}\n") if VERDICTS.search(text)]


@pytest.mark.parametrize("name", ["false_matches", "untrue", "fakery", "backstaged"])
def test_names_and_longer_words_are_no_verdicts(name: str) -> None:
    assert VERDICTS.search(name) is None


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
