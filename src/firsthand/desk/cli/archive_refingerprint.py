"""`firsthand archive refingerprint`."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import click

from firsthand import __version__
from firsthand.archive import refingerprint as use_case
from firsthand.archive.outcome import Refused
from firsthand.archive.refingerprint import Method, Redescribed, Waiting, Work, waiting
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import count, short
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.progress import progress
from firsthand.desk.cli.settings import Settings, chosen, common_options
from firsthand.desk.documents.archive import ArchiveRefingerprintDocument
from firsthand.desk.documents.from_archive import redescribed_item

_GIVES_WAY = 10  # to other programs, as `nice` counts


@dataclass(slots=True)
class _Told:
    """Grows while items are described: what is done, of how many."""

    settings: Settings
    method: str = ""
    wanted: int = 0
    faults: Faults = field(default_factory=Faults)
    done: list[Redescribed] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Items that still lack the fingerprint."""
        return self.wanted - len(self.done)

    def tell(self, one: Redescribed | Refused) -> None:
        """Say what became of an item."""
        if isinstance(one, Refused):
            self.faults.refused(one)
            return
        self.done.append(one)
        if not (self.settings.json or self.settings.quiet):
            say.line(f"described  {short(one.item.digest)}  {count(one.count, 'descriptor')}  {one.item.path}")


@click.command(
    epilog=examples("firsthand archive refingerprint", "firsthand archive refingerprint --method sscd-distilled --json")
)
@click.option(
    "--method",
    type=click.Choice(["sscd-distilled", "sscd", "pdq"]),
    help="The method that items are to be described by; default: the leading one, as $FIRSTHAND_METHOD says.",
)
@common_options
@click.pass_context
def refingerprint(ctx: click.Context, method: str | None) -> None:
    """Describe anew the items that lack a fingerprint by the leading method, such as those of an older model.

    It runs beside other work, which it gives way to: items are added and found meanwhile, each by the best fingerprint
    that it has. Interrupted or killed, it goes on where it was when it is run again.
    """
    told = _Told(chosen(ctx))
    layout = told.settings.layout
    try:
        with told.faults.caught(str(layout.folder)):
            by = _method(method)
            told.method = by.name
            lacking = waiting(layout, by)
            told.wanted = len(lacking)
            if lacking:
                _describe(told, lacking, by)
    except KeyboardInterrupt:
        _close(told)
        raise
    _close(told)
    ctx.exit(told.faults.exit_code)


def _method(name: str | None) -> Method:
    from firsthand.recall.methods import chosen_method, descriptor  # noqa: PLC0415 (decoders are heavy)

    by = descriptor(name or chosen_method())
    return Method(by.method, by.model)


def _describe(told: _Told, lacking: Sequence[Waiting], by: Method) -> None:
    from firsthand.recall.reading import HEAVY  # noqa: PLC0415
    from firsthand.recall.redescribe import redescribe  # noqa: PLC0415
    from firsthand.sandbox.call import end_all, warm  # noqa: PLC0415

    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
    warm((*HEAVY, "firsthand.recall.redescribe"))
    with progress({str(one.item.digest): one.item.size_bytes for one in lacking}, quiet=told.settings.quiet) as shown:
        work = Work(
            method=by,
            describer=partial(redescribe, method=by.name),
            on_progress=lambda item, share: shown.reading(str(item.digest), share),
            end_describers=end_all,
        )
        with closing(use_case.refingerprint(told.settings.layout, lacking, work)) as outcomes:
            for wanted, one in zip(lacking, outcomes, strict=True):
                told.tell(one)
                shown.reading(str(wanted.item.digest), 1.0)


def _close(told: _Told) -> None:
    """The document, or the closing line."""
    if told.settings.json:
        say.document(
            ArchiveRefingerprintDocument(
                version=__version__,
                errors=told.faults.problems,
                method=told.method or None,
                items=[redescribed_item(one) for one in told.done],
                left=told.left,
            )
        )
    elif told.method and not told.settings.quiet:
        left = f", {count(told.left, 'item')} still lack it" if told.left else ""
        say.line(f"{count(len(told.done), 'item')} described by {told.method}{left}.")
