"""`firsthand archive rm`."""

import click

from firsthand import __version__
from firsthand.archive.outcome import Refused
from firsthand.archive.remove import Withdrawn, remove
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import short
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.settings import chosen, common_options
from firsthand.desk.documents.archive import ArchiveRmDocument
from firsthand.desk.documents.from_archive import withdrawn_item


@click.command(
    epilog=examples("firsthand archive rm clips/wrong.mp4", "firsthand archive rm sha256:59bb62 sha256:fec643")
)
@click.argument("items", metavar="ITEM...", nargs=-1, required=True)
@common_options
@click.pass_context
def rm(ctx: click.Context, items: tuple[str, ...]) -> None:
    """Withdraw each ITEM from every answer, at once.

    The bytes and the record are kept; adding it again brings it back.
    """
    settings, faults = chosen(ctx), Faults()
    withdrawn: list[Withdrawn] = []
    with faults.caught(str(settings.layout.folder)):
        for one in remove(settings.layout, items):
            if isinstance(one, Refused):
                faults.refused(one)
                continue
            withdrawn.append(one)
            if not (settings.json or settings.quiet):
                say.line(f"withdrawn  {short(one.item.digest)}  {one.item.path}")
    if settings.json:
        made = [withdrawn_item(one) for one in withdrawn]
        say.document(ArchiveRmDocument(version=__version__, errors=faults.problems, items=made))
    ctx.exit(faults.exit_code)
