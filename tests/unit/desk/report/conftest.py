from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from firsthand.desk.documents.check import CheckDocument, Thing
from firsthand.desk.documents.match import Coverage, FalseMatches, Match, Query, Searched, Segment
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.page import render_report
from firsthand.model.picture import PicturePair

ITEM = "sha256:" + "a" * 64
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MIRRORED = ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0))


@pytest.fixture
def segment() -> Callable[..., Segment]:
    plain = Segment(
        channel="picture",
        query=(0.0, 9.2),
        archive=(31.24, 40.44),
        rate=1.0,
        mirrored=False,
        rotation_degrees=0.0,
        query_box=(0.0, 0.0, 1.0, 1.0),
        archive_box=(0.0, 0.0, 1.0, 1.0),
        confidence=0.991,
        method="sscd/1",
        evidence=[],
    )
    return lambda **changes: msgspec.structs.replace(plain, **changes)


@pytest.fixture
def query(segment: Callable[..., Segment]) -> Callable[..., Query]:
    match = Match(ITEM, "ref.mp4", None, "2019-04", "typed", 0.991, [segment()])
    plain = Query("q.mp4", "sha256:" + "b" * 64, "video", 9.2, Coverage(1.0, None), [], [match])
    return lambda **changes: msgspec.structs.replace(plain, **changes)


@pytest.fixture
def searched() -> Callable[..., Searched]:
    rate = FalseMatches(0, 210.0, 14.3, "1,200 pair-hours, Poisson interval")
    plain = Searched(412, 61.5, None, "2019-04", "2026-11-20T09:12:44Z", ["sscd/1"], rate)
    return lambda **changes: msgspec.structs.replace(plain, **changes)


@pytest.fixture
def item() -> Callable[..., ArchivedItem]:
    def make(**changes: object) -> ArchivedItem:
        plain = {
            "id": ITEM,
            "path": "/archive/of/anna/ref.mp4",
            "kind": "video",
            "duration_seconds": 120.0,
            "added": datetime(2026, 11, 3, 14, 20, tzinfo=UTC),
            "source": "Port authority",
            "url": "https://example.org/v/1",
            "published": "2019-04",
            "date_basis": "typed",
            "collection": "Harbour",
        }
        return ArchivedItem(**{**plain, **changes})

    return make


@pytest.fixture
def pair() -> PicturePair:
    noise = np.random.default_rng(7).integers(0, 256, (180, 320, 3), np.uint8)
    return PicturePair(2.0, 33.24, noise, np.ascontiguousarray(noise[:, ::-1]), WHOLE, MIRRORED, 214)


@pytest.fixture
def page(
    query: Callable[..., Query], searched: Callable[..., Searched], item: Callable[..., ArchivedItem], pair: PicturePair
) -> Callable[..., str]:
    def render(**changes: object) -> str:
        asked = changes.pop("query", query())
        things = [Thing("/home/anna/q.mp4", "sha256:" + "b" * 64, "video", asked)]
        document = CheckDocument(
            version="0.1.0",
            errors=changes.pop("errors", []),
            searched=changes.pop("searched", searched()),
            things=changes.pop("things", things),
        )
        held = changes.pop("item", item())
        settings = {
            "archive_name": "Newsroom",
            "unredacted": False,
            "generated": datetime(2026, 11, 20, 9, 13, tzinfo=UTC),
            "sample_size": 240,
        }
        pictures = changes.pop("pictures", {(0, ITEM, 0): (pair, pair, pair)})
        return render_report(document, pictures, {held.id: held}, **{**settings, **changes})

    return render
