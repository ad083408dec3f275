"""The report as one self-contained HTML file: nothing is fetched, nothing runs."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from firsthand.desk.documents.check import CheckDocument
from firsthand.desk.documents.common import Problem
from firsthand.desk.report.archived import ArchivedItem
from firsthand.desk.report.clock import civil
from firsthand.desk.report.match_view import Settings
from firsthand.desk.report.pictures import Shown
from firsthand.desk.report.searched_view import error_sentences, searched_rows
from firsthand.desk.report.sentences import counted
from firsthand.desk.report.thing_view import PictureKey, Supplied, ThingView, thing_view
from firsthand.desk.report.visible import file_name, visible, without_folders
from firsthand.model.box import Box
from firsthand.model.picture import PicturePair
from firsthand.model.sound import LevelPair

MOST_THINGS = 200
MOST_ERRORS = 100


def render_report(
    document: CheckDocument,
    pictures: Mapping[PictureKey, tuple[PicturePair, ...]],
    items: Mapping[str, ArchivedItem],
    *,
    archive_name: str | None,
    unredacted: bool,
    generated: datetime,
    boxes: Sequence[Box] = (),
    sample_size: int | None = None,
    levels: Mapping[PictureKey, LevelPair] | None = None,
) -> str:
    """The page, as text to be written in UTF-8.

    Args:
        document: what was found; its order is the page's.
        pictures: aligned pairs by place of the thing, id of the item, and place of the segment.
        items: the archived items that are matched, by id; what is lacking is left out of the page.
        archive_name: what people call the archive; never a path.
        unredacted: whether pictures are clear; otherwise no clear picture is in the file.
        generated: the moment of making it.
        boxes: regions of the things' pictures that a person wants covered, as fractions; filled in both pictures.
        sample_size: matches of the benchmark on which confidence was calibrated; `None` where it is not known.
        levels: the loudness of both sides, keyed as `pictures`, for segments of sound.
    """
    settings = Settings(unredacted=unredacted, boxes=tuple(boxes), sample_size=sample_size)
    supplied = Supplied(items, pictures, settings, levels or {})
    things = tuple(
        thing_view(place, thing, document.searched, supplied)
        for place, thing in enumerate(document.things[:MOST_THINGS])
    )
    style = _style(things)
    searched = document.searched
    return (
        _environment()
        .get_template("report.html")
        .render(
            style=Markup(style),  # noqa: S704 - our own style sheet and numbers
            style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            things=things,
            things_left_out=max(0, len(document.things) - MOST_THINGS),
            errors=[_error(problem) for problem in document.errors[:MOST_ERRORS]],
            errors_left_out=max(0, len(document.errors) - MOST_ERRORS),
            searched=searched_rows(searched, archive_name) if searched else (),
            error_rate=error_sentences(searched.false_matches) if searched and searched.items else (),
            archive_is_empty=searched is not None and searched.items == 0,
            has_pictures=any(group.pairs for thing in things for match in thing.matches for group in match.groups),
            unredacted=unredacted,
            covered=len(settings.boxes),
            generated=civil(generated),
            version=visible(document.version, 40),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("firsthand.desk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["counted"] = counted
    return environment


def _error(problem: Problem) -> tuple[str, str]:
    return file_name(problem.path), without_folders(problem.message, problem.path)


def _style(things: Sequence[ThingView]) -> str:
    """The style sheet, with one rule for every shape of picture: style attributes would need a laxer policy."""
    loader = _environment().loader
    sheet = "" if loader is None else loader.get_source(_environment(), "report.css")[0]
    shapes = sorted({picture.shape for picture in _pictures(things)})
    return sheet + "".join(f".shape-{shape}{{flex:{shape / 1000:g} 1 0}}" for shape in shapes)


def _pictures(things: Sequence[ThingView]) -> Iterator[Shown]:
    for thing in things:
        for match in thing.matches:
            for group in match.groups:
                for pair in group.pairs:
                    yield from (pair.query, pair.archive)
