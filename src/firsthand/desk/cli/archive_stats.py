"""`firsthand archive stats`."""

from collections.abc import Iterator

import click

from firsthand import __version__
from firsthand.archive import stats as use_case
from firsthand.archive.stats import Stats
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import count, hours, size
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.settings import chosen, common_options
from firsthand.desk.documents.archive import ArchiveStatsDocument
from firsthand.desk.documents.from_archive import archive_sums
from firsthand.store.layout import Layout


@click.command(epilog=examples("firsthand archive stats --json"))
@common_options
@click.pass_context
def stats(ctx: click.Context) -> None:
    """Sum up what the archive holds."""
    settings, faults = chosen(ctx), Faults()
    found = _found(settings.layout, faults)
    if settings.json:
        sums = None if found is None else archive_sums(found)
        say.document(ArchiveStatsDocument(version=__version__, errors=faults.problems, sums=sums))
    elif found is not None:
        say.table([("archive", str(settings.layout.folder)), *_lines(found)])
    ctx.exit(faults.exit_code)


def _found(layout: Layout, faults: Faults) -> Stats | None:
    with faults.caught(str(layout.folder)):
        return use_case.stats(layout)
    return None


def _lines(found: Stats) -> Iterator[tuple[str, str]]:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in found.kinds.items())
    yield "items", f"{found.totals.items:,}" + (f" ({kinds})" if kinds else "")
    yield "footage", hours(found.totals.hours)
    yield "earliest", found.totals.earliest or "no date was stated"
    yield "withdrawn", count(found.withdrawn, "item")
    yield "size", f"{size(found.totals.size_bytes)} of media, {size(found.disk_bytes)} on disk"
    for name, number in found.collections.items():
        yield "collection", f"{name}, {count(number, 'item')}"
    for one in found.methods:
        yield "method", f"{one.method}, {count(one.count, 'descriptor')}"
