"""`firsthand check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from firsthand import __version__
from firsthand.archive.check import Checked
from firsthand.desk.cli import say
from firsthand.desk.cli.answer import tell
from firsthand.desk.cli.asking import Asked, Question, ask
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.selecting import selecting_options
from firsthand.desk.cli.settings import Settings, chosen, common_options
from firsthand.desk.documents.check import CheckDocument, Thing
from firsthand.desk.documents.from_recall import query
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.page import render_report
from firsthand.errors import FirsthandError, WrongUsageError
from firsthand.model.box import Box
from firsthand.model.selection import Selection
from firsthand.recall.sound_confidence import sample_size
from firsthand.store.durable import put_in_place
from firsthand.store.writing import writing


class BoxType(click.ParamType[Box]):
    """A region as `X,Y,W,H` in fractions of the picture."""

    name = "box"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Box:
        """The box that `value` writes."""
        if isinstance(value, Box):
            return value
        try:
            x, y, width, height = (float(part) for part in str(value).split(","))
            return Box(x, y, width, height)
        except ValueError:
            self.fail(
                f"expected X,Y,W,H as fractions of the picture, such as 0.1,0.2,0.3,0.3, got {value!r}", param, ctx
            )


@dataclass(frozen=True, slots=True)
class _Page:
    """Where the report goes and how its pictures look."""

    path: Path
    unredacted: bool
    boxes: tuple[Box, ...]


@click.command(
    epilog=examples(
        "firsthand check clip.mp4 --report report.html",
        "firsthand check inbox/ --json",
        "firsthand check clip.mp4 --report report.html --unredacted --redact 0.40,0.10,0.15,0.25",
    )
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.html", help="Write a report.")
@click.option("--unredacted", is_flag=True, help="Clear pictures in the report; otherwise they are blurred.")
@click.option(
    "--redact", type=BoxType(), multiple=True, metavar="X,Y,W,H", help="Cover this region of the pictures; repeatable."
)
@selecting_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Tell at most N matches of each; default: all.")
@click.option(
    "--sound/--no-sound", default=True, help="Whether sound is compared too, apart from the pictures; default: yes."
)
@common_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    report: Path | None,
    redact: tuple[Box, ...],
    selection: Selection,
    limit: int | None,
    sound: bool,
    unredacted: bool,
) -> None:
    """Say all that can be said of each thing before it is published: so far, where it has been seen before.

    With --report, one page that can be published, printed and defended: it needs no network and hides nothing.
    """
    if report is None and (unredacted or redact):
        raise click.UsageError("--unredacted and --redact are about the pictures of a report: give --report too", ctx)
    settings, faults = chosen(ctx), Faults()
    page = _Page(report, unredacted, redact) if report is not None else None
    if page is not None and not page.path.absolute().parent.is_dir():
        raise WrongUsageError(f"--report: the folder {page.path.absolute().parent} does not exist")
    asked = ask(Question(paths, selection, limit, sound=sound, with_pictures=page is not None), settings, faults)
    document = CheckDocument(
        version=__version__,
        errors=faults.problems,
        searched=asked.searched,
        things=[_thing(one) for one in asked.checked],
    )
    if page is not None:
        with faults.caught(str(page.path), FirsthandError):
            _write(page, document, asked.checked)
    _answer(document, asked, settings, page)
    ctx.exit(faults.exit_code)


def _answer(document: CheckDocument, asked: Asked, settings: Settings, page: _Page | None) -> None:
    if settings.json:
        say.document(document)
        return
    if asked.searched is not None:
        tell([thing.match for thing in document.things if thing.match is not None], asked.searched)
    if page is not None and page.path.is_file() and not settings.quiet:
        say.line(f"Report: {page.path}")


def _thing(checked: Checked) -> Thing:
    matched = checked.matched
    told = query(matched)
    return Thing(path=told.path, sha256=matched.digest.hex, kind=told.kind, match=told)


def _write(page: _Page, document: CheckDocument, checked: Sequence[Checked]) -> None:
    pictures = {
        (place, item, segment): pairs
        for place, one in enumerate(checked)
        for (item, segment), pairs in one.pictures.items()
    }
    levels = {
        (place, item, segment): pair
        for place, one in enumerate(checked)
        for (item, segment), pair in one.levels.items()
    }
    html = render_report(
        document,
        pictures,
        {item.id: item for one in checked for item in _archived(one)},
        archive_name=None,
        unredacted=page.unredacted,
        generated=datetime.now(UTC),
        boxes=page.boxes,
        levels=levels,
        sample_size=sample_size(
            found.curve for one in checked for match in one.matched.matches for found in match.found
        ),
    )
    unfinished = page.path.with_name(f".{page.path.name}.unfinished")
    try:
        with writing(page.path):
            unfinished.write_text(html, encoding="utf-8")
        put_in_place(unfinished, page.path)
    finally:
        unfinished.unlink(missing_ok=True)


def _archived(checked: Checked) -> list[ArchivedItem]:
    return [
        ArchivedItem(
            id=str(one.item.digest),
            path=one.item.path,
            kind=one.item.facts.kind.value,
            duration_seconds=one.item.facts.duration_seconds,
            added=one.item.added,
            source=one.item.provenance.source,
            url=one.item.provenance.url,
            published=one.item.provenance.published,
            date_basis=one.item.provenance.date_basis,
            collection=one.item.provenance.collection,
        )
        for one in checked.matched.matches
    ]
