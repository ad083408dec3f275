"""`firsthand archive ls`."""

import click

from firsthand import __version__
from firsthand.archive.listing import list_items
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import clock, local, short, size
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.settings import chosen, common_options
from firsthand.desk.documents.archive import ArchiveLsDocument
from firsthand.desk.documents.from_archive import archived_item
from firsthand.model.item import Item

_HEADINGS = ("ITEM", "KIND", "DURATION", "SIZE", "ADDED", "PUBLISHED", "PATH")
_RIGHT = frozenset({2, 3})


@click.command(epilog=examples("firsthand archive ls", "firsthand archive ls --collection kharkiv --json"))
@click.option("--collection", multiple=True, metavar="NAME", help="Only this collection; may be given again.")
@common_options
@click.pass_context
def ls(ctx: click.Context, collection: tuple[str, ...]) -> None:
    """List the items."""
    settings, faults = chosen(ctx), Faults()
    items: tuple[Item, ...] = ()
    with faults.caught(str(settings.layout.folder)):
        items = list_items(settings.layout, collection)
    if settings.json:
        say.document(ArchiveLsDocument(version=__version__, errors=faults.problems, items=[*map(archived_item, items)]))
    elif items:
        say.table([_HEADINGS, *map(_row, items)], _RIGHT)
    elif not faults.problems:
        say.line("The archive holds no items." if not collection else "The archive holds no such items.")
    ctx.exit(faults.exit_code)


def _row(item: Item) -> tuple[str, ...]:
    facts = item.facts
    return (
        short(item.digest),
        facts.kind,
        clock(facts.duration_seconds),
        size(item.size_bytes),
        local(item.added),
        item.provenance.published or "",
        item.path,
    )
