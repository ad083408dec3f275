"""The whole page for a fixed document; pictures are left out, since their bytes depend on the encoder."""

import re
from datetime import UTC, datetime

import msgspec
import numpy as np
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from firsthand.desk.documents.check import CheckDocument
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.page import render_report
from firsthand.model.picture import PicturePair

HARBOUR = "sha256:" + "a1" * 32
NEWS = "sha256:" + "b2" * 32
DOCUMENT = f"""
{{"schema": "firsthand.check/1", "version": "0.1.0",
 "errors": [{{"path": "/in/notes.mp4", "error": "unsupported-format",
   "message": "/in/notes.mp4: expected video, sound or a picture, got text"}}],
 "searched": {{"items": 412, "hours": 61.5, "collections": ["Harbour", "News"], "earliest": "2019-04",
   "as_of": "2026-11-20T09:12:44Z", "methods": ["sscd/1", "landmarks/1"],
   "false_matches": {{"observed": 0, "query_hours": 210.0, "upper_95_per_1000_h": 14.3, "basis": "unrelated pairs"}}}},
 "things": [
  {{"path": "/in/repost.mp4", "sha256": "sha256:{"c3" * 32}", "kind": "video", "match":
   {{"path": "/in/repost.mp4", "sha256": "sha256:{"c3" * 32}", "kind": "video", "duration_seconds": 9.2,
     "coverage": {{"picture": 0.93, "sound": 1.0}},
     "not_searched": [{{"query": [8.6, 9.2], "reason": "no picture detail"}}],
     "matches": [
      {{"item": "{HARBOUR}", "path": "harbour.mp4", "source": "Port", "published": "2019-04", "date_basis": "typed",
        "confidence": 0.991, "segments": [
        {{"channel": "picture", "query": [0.0, 8.6], "archive": [31.24, 41.99], "rate": 1.25, "mirrored": true,
          "rotation_degrees": 0, "query_box": [0, 0, 1, 0.8], "archive_box": [0.1, 0, 0.8, 1], "confidence": 0.991,
          "method": "sscd/1", "evidence": [{{"query": 2.0, "archive": 33.74, "inliers": 214}}]}}]}},
      {{"item": "{NEWS}", "path": "news.mkv", "source": null, "published": null, "date_basis": null,
        "confidence": 0.95, "segments": [
        {{"channel": "picture", "query": [0.0, 4.0], "archive": [600.0, 604.0], "rate": -1.0, "mirrored": false,
          "rotation_degrees": 90, "query_box": null, "archive_box": null, "confidence": 0.95,
          "method": "sscd/1", "evidence": []}},
        {{"channel": "sound", "query": [5.0, 9.0], "archive": [700.0, 704.0], "rate": 1.0, "mirrored": false,
          "rotation_degrees": 0, "query_box": null, "archive_box": null, "confidence": 0.97,
          "method": "landmarks/1", "evidence": []}}]}}]}}}},
  {{"path": "/in/quay.mov", "sha256": "sha256:{"d4" * 32}", "kind": "video", "match":
   {{"path": "/in/quay.mov", "sha256": "sha256:{"d4" * 32}", "kind": "video", "duration_seconds": 31.0,
     "coverage": {{"picture": 1.0, "sound": null}}, "not_searched": [], "matches": []}}}},
  {{"path": "/in/notes.mp4", "sha256": null, "kind": null, "match": null}}]}}
"""
CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.8), (0.0, 0.8))
MIRRORED = ((0.9, 0.0), (0.1, 0.0), (0.1, 1.0), (0.9, 1.0))


class HtmlFile(SingleFileSnapshotExtension):
    """A page that a reviewer can open."""

    _write_mode = WriteMode.TEXT
    file_extension = "html"


def archived(digest: str, path: str, seconds: float, **facts: str) -> ArchivedItem:
    stated = {name: facts.get(name) for name in ("source", "url", "published", "date_basis", "collection")}
    added = datetime(2026, 11, 3, 14, 20, tzinfo=UTC)
    return ArchivedItem(id=digest, path=path, kind="video", duration_seconds=seconds, added=added, **stated)


def test_the_page_is_as_it_was_reviewed(snapshot: SnapshotAssertion) -> None:
    grey = np.full((90, 160, 3), 128, np.uint8)
    pairs = tuple(PicturePair(t, 31.24 + 1.25 * t, grey, grey, CORNERS, MIRRORED, 214) for t in (2.0, 4.0, 6.0))
    facts = {"source": "Port", "url": "https://example.org/v/1", "published": "2019-04", "date_basis": "typed"}
    page = render_report(
        msgspec.json.decode(DOCUMENT, type=CheckDocument),
        {(0, HARBOUR, 0): pairs},
        {HARBOUR: archived(HARBOUR, "harbour.mp4", 124.6, **facts), NEWS: archived(NEWS, "news.mkv", 3725.0)},
        archive_name="Newsroom",
        unredacted=False,
        generated=datetime(2026, 11, 20, 9, 13, tzinfo=UTC),
        sample_size=240,
    )
    assert re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,…", page) == snapshot(extension_class=HtmlFile)
