"""`firsthand archive show`."""

from collections.abc import Iterator

import click

from firsthand import __version__
from firsthand.archive import show as use_case
from firsthand.archive.show import Shown
from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import clock, count, local, size
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.settings import chosen, common_options
from firsthand.desk.documents.archive import ArchiveShowDocument
from firsthand.desk.documents.from_archive import (
    archived_item,
    further_capture,
    path_text,
    recorded_fingerprints,
)
from firsthand.errors import InputError
from firsthand.model.item import Facts, Provenance


@click.command(epilog=examples("firsthand archive show clips/market.mp4", "firsthand archive show sha256:59bb62"))
@click.argument("item")
@common_options
@click.pass_context
def show(ctx: click.Context, item: str) -> None:
    """Show all that is known of one ITEM: a path as it was given to `add`, or at least six digits of its digest."""
    settings, faults = chosen(ctx), Faults()
    shown: Shown | None = None
    with faults.caught(str(settings.layout.folder)), faults.caught(item, InputError):
        shown = use_case.show(settings.layout, item)
    if settings.json:
        say.document(_document(shown, faults))
    elif shown is not None:
        say.table([*_lines(shown)])
    ctx.exit(faults.exit_code)


def _document(shown: Shown | None, faults: Faults) -> ArchiveShowDocument:
    return ArchiveShowDocument(
        version=__version__,
        errors=faults.problems,
        item=archived_item(shown.item) if shown else None,
        original=path_text(shown.original) if shown and shown.original else None,
        review=path_text(shown.review) if shown and shown.review else None,
        fingerprints=recorded_fingerprints(shown) if shown else [],
        captures=[further_capture(one) for one in shown.captures] if shown else [],
    )


def _lines(shown: Shown) -> Iterator[tuple[str, str]]:
    item = shown.item
    yield "item", str(item.digest)
    yield "path", item.path
    yield "what it is", _facts(item.facts)
    if item.facts.problem:
        yield "problem", item.facts.problem
    yield "size", size(item.size_bytes)
    yield "added", local(item.added)
    yield from _stated(item.provenance)
    yield "bytes", f"{item.keep}: {shown.original or 'no longer there'}"
    yield "review", str(shown.review or "none")
    for fingerprint in shown.fingerprints:
        yield "fingerprint", f"{fingerprint.method}, {count(fingerprint.count, 'descriptor')}"
    for capture in shown.captures:
        stated = "; ".join(f"{name} {value}" for name, value in _stated(capture.provenance))
        yield "also added", f"{local(capture.at)} as {capture.path}" + (f" ({stated})" if stated else "")


def _facts(facts: Facts) -> str:
    picture = f"{facts.width} x {facts.height}" if facts.width and facts.height else None
    parts = (clock(facts.duration_seconds), picture, facts.video_codec, facts.audio_codec)
    return ", ".join([f"{facts.kind} ({facts.container})", *filter(None, parts)])


def _stated(stated: Provenance) -> Iterator[tuple[str, str]]:
    said = (
        ("source", stated.source),
        ("url", stated.url),
        ("published", stated.published and f"{stated.published} ({stated.date_basis})"),
        ("collection", stated.collection),
        ("by", stated.by),
    )
    return ((name, value) for name, value in said if value)
