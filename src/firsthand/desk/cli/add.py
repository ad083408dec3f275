"""`firsthand add`."""

from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from firsthand import __version__
from firsthand.archive import add as use_case
from firsthand.archive.add import Acknowledged, Intake
from firsthand.archive.open import open_holdings
from firsthand.archive.outcome import Refused
from firsthand.archive.walk import Found, PassedOver, Walked, walk
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import clock, count, hours, short
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.progress import Progress, progress
from firsthand.desk.cli.settings import Settings, chosen, common_options
from firsthand.desk.cli.when import When
from firsthand.desk.documents.add import AddDocument
from firsthand.desk.documents.from_archive import added_item
from firsthand.model.item import DateBasis, Keep, Provenance


@dataclass(slots=True)
class _Told:
    """Grows while files are added: what was acknowledged, and what to say of it."""

    settings: Settings
    jsonl: bool
    faults: Faults = field(default_factory=Faults)
    acknowledged: list[Acknowledged] = field(default_factory=list)

    def tell(self, one: Acknowledged | Refused) -> None:
        if isinstance(one, Refused):
            self.faults.refused(one)
            return
        self.acknowledged.append(one)
        if self.jsonl:
            say.record(added_item(one))
        elif not (self.settings.json or self.settings.quiet):
            say.line(_line(one))


@click.command(
    epilog=examples(
        "firsthand add ~/footage",
        'firsthand add clip.mp4 --source "sent by a reader" --published 2024-05',
        "firsthand add /mnt/library --keep reference --collection library",
    )
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--source", metavar="TEXT", help="Where it came from, in your words.")
@click.option("--url", metavar="URL", help="The address it was obtained from.")
@click.option("--published", type=When(), metavar="WHEN", help="When it was published: 2024, 2024-05, 2024-05-01, …")
@click.option("--collection", metavar="NAME", help="The collection it belongs to.")
@click.option("--by", metavar="WHO", help="Who added it.")
@click.option(
    "--keep",
    type=click.Choice([kind.value for kind in Keep]),
    default=Keep.COPY.value,
    show_default=True,
    help="Keep the bytes as a copy, as a hard link, or only refer to where they lie.",
)
@click.option("--fast", is_flag=True, help="Decode about a third of each video: a third of the cost, finds less.")
@click.option("--jsonl", is_flag=True, help="Answer with one line of JSON for each item, as soon as it is safe.")
@common_options
@click.pass_context
def add(ctx: click.Context, /, paths: tuple[str, ...], keep: str, *, fast: bool, jsonl: bool, **stated: str) -> None:
    """Put video, sound and images into the archive. Folders are walked with all below them.

    An item that is told of is safe, whatever happens next. An interrupted `add` can simply be run again.
    """
    if jsonl and chosen(ctx).json:
        raise click.UsageError("--json and --jsonl exclude each other", ctx)
    told = _Told(chosen(ctx), jsonl)
    layout = told.settings.layout
    walked: list[Walked] = []
    try:
        with told.faults.caught(str(layout.folder)):
            walked += walk(paths, layout.folder)
            _add(told, walked, Keep(keep), _provenance(stated), fast=fast)
    except KeyboardInterrupt:
        _close(told, walked)
        raise
    _close(told, walked)
    ctx.exit(told.faults.exit_code)


def _add(told: _Told, walked: list[Walked], keep: Keep, provenance: Provenance, *, fast: bool) -> None:
    meant = [one for one in walked if not isinstance(one, PassedOver)]
    sizes = {one.path: _size_bytes(one.path) for one in meant if isinstance(one, Found)}
    if not sizes:
        for refused in walked:
            if isinstance(refused, Refused):
                told.faults.refused(refused)
        return
    with progress(sizes, quiet=told.settings.quiet) as shown:
        intake = _intake(keep, provenance, shown, fast=fast)
        with closing(use_case.add(meant, told.settings.layout, intake)) as outcomes:
            for one in outcomes:
                told.tell(one)
                shown.reading(one.path, 1.0)


def _size_bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # gone meanwhile, which adding it will tell


def _intake(keep: Keep, provenance: Provenance, shown: Progress, *, fast: bool) -> Intake:
    from firsthand.recall.reading import HEAVY, read_medium  # noqa: PLC0415 (decoders are heavy)
    from firsthand.sandbox.call import end_all, warm  # noqa: PLC0415

    warm(HEAVY)
    return Intake(
        keep=keep,
        provenance=provenance,
        reader=partial(read_medium, fast=fast),
        on_progress=shown.reading,
        end_readers=end_all,
    )


def _provenance(stated: dict[str, str]) -> Provenance:
    said = {name: value or None for name, value in stated.items()}
    return Provenance(
        source=said["source"],
        url=said["url"],
        published=said["published"],
        date_basis=DateBasis.TYPED if said["published"] else None,
        collection=said["collection"],
        by=said["by"],
    )


def _line(one: Acknowledged) -> str:
    facts = one.item.facts
    state = "already held" if one.already_held else "added"
    broken = f" ({facts.problem})" if facts.problem else ""
    return (
        f"{state:12}  {short(one.item.digest)}  {facts.kind:5}  {clock(facts.duration_seconds):>8}  {one.path}{broken}"
    )


def _close(told: _Told, walked: list[Walked]) -> None:
    """The document, or the closing line."""
    passed_over = sum(isinstance(one, PassedOver) for one in walked)
    if told.settings.json:
        items = [added_item(one) for one in told.acknowledged]
        say.document(
            AddDocument(version=__version__, errors=told.faults.problems, items=items, passed_over=passed_over)
        )
    elif not (told.jsonl or told.settings.quiet):
        say.line(_summary(told, passed_over))


def _summary(told: _Told, passed_over: int) -> str:
    held = sum(one.already_held for one in told.acknowledged)
    parts = [f"{len(told.acknowledged) - held:,} added", f"{held:,} already held"]
    parts += [f"{told.faults.refusals:,} not read"] if told.faults.refusals else []
    parts += [f"{count(passed_over, 'other file')} passed over"] if passed_over else []
    return "; ".join([", ".join(parts), *_holds(told)]) + "."


def _holds(told: _Told) -> list[str]:
    """What the archive amounts to now, where it can be read."""
    if told.faults.exit_code > 1 or not told.acknowledged:
        return []
    with open_holdings(told.settings.layout) as holdings:
        return [f"the archive holds {count(holdings.totals.items, 'item')}, {hours(holdings.totals.hours)}"]
