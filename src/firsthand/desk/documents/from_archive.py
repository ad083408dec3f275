"""From the archive's nouns to what documents say of them."""

from datetime import datetime
from pathlib import Path

from firsthand.archive.add import Acknowledged
from firsthand.archive.refingerprint import Redescribed
from firsthand.archive.remove import Withdrawn
from firsthand.archive.show import Shown
from firsthand.archive.stats import Stats
from firsthand.desk.documents.add import AddedItem
from firsthand.desk.documents.archive import (
    ArchivedItem,
    ArchiveSums,
    FurtherCapture,
    MethodCount,
    RecordedFingerprint,
    RedescribedItem,
    WithdrawnItem,
)
from firsthand.model.capture import Capture
from firsthand.model.item import Item


def utc_text(at: datetime) -> str:
    """A civil time as ISO 8601 in UTC, to the microsecond."""
    return at.isoformat().replace("+00:00", "Z")


def path_text(path: str | Path) -> str:
    """A path as Unicode; bytes of it that are no UTF-8 are written out in hexadecimal."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def added_item(one: Acknowledged) -> AddedItem:
    """An acknowledged item."""
    facts = one.item.facts
    return AddedItem(
        id=str(one.item.digest),
        path=path_text(one.path),
        sha256=one.item.digest.hex,
        kind=facts.kind,
        duration_seconds=facts.duration_seconds,
        added=utc_text(one.item.added),
        already_held=one.already_held,
        problem=facts.problem,
    )


def archived_item(item: Item) -> ArchivedItem:
    """An item of a list."""
    facts, stated = item.facts, item.provenance
    return ArchivedItem(
        id=str(item.digest),
        path=path_text(item.path),
        sha256=item.digest.hex,
        kind=facts.kind,
        duration_seconds=facts.duration_seconds,
        size_bytes=item.size_bytes,
        width=facts.width,
        height=facts.height,
        video_codec=facts.video_codec,
        audio_codec=facts.audio_codec,
        problem=facts.problem,
        source=stated.source,
        url=stated.url,
        published=stated.published,
        date_basis=stated.date_basis,
        collection=stated.collection,
        by=stated.by,
        keep=item.keep,
        added=utc_text(item.added),
    )


def withdrawn_item(one: Withdrawn) -> WithdrawnItem:
    """An item that was taken out of every answer."""
    digest = one.item.digest
    return WithdrawnItem(str(digest), path_text(one.item.path), digest.hex, utc_text(one.at))


def redescribed_item(one: Redescribed) -> RedescribedItem:
    """An item that was described anew."""
    digest = one.item.digest
    return RedescribedItem(str(digest), path_text(one.item.path), digest.hex, one.count)


def further_capture(capture: Capture) -> FurtherCapture:
    """Another time at which the same bytes were added."""
    stated = capture.provenance
    return FurtherCapture(
        at=utc_text(capture.at),
        path=path_text(capture.path),
        source=stated.source,
        url=stated.url,
        published=stated.published,
        date_basis=stated.date_basis,
        collection=stated.collection,
        by=stated.by,
    )


def recorded_fingerprints(shown: Shown) -> list[RecordedFingerprint]:
    """The fingerprints of an item."""
    return [RecordedFingerprint(one.method, one.model, one.count) for one in shown.fingerprints]


def archive_sums(found: Stats) -> ArchiveSums:
    """The sums of an archive."""
    return ArchiveSums(
        items=found.totals.items,
        hours=found.totals.hours,
        size_bytes=found.totals.size_bytes,
        earliest=found.totals.earliest,
        kinds=found.kinds,
        collections=found.collections,
        methods=[MethodCount(one.method, one.count) for one in found.methods],
        withdrawn=found.withdrawn,
        disk_bytes=found.disk_bytes,
    )
