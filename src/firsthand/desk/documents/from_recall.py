"""From what recall found to what the documents say of it."""

from firsthand.archive.match import Matched, MatchedItem, Matcher
from firsthand.desk.documents import match as documents
from firsthand.desk.documents.from_archive import path_text, utc_text
from firsthand.model.box import Box
from firsthand.model.match import Segment
from firsthand.model.span import Span
from firsthand.recall.confidence import calibration
from firsthand.recall.sound_confidence import sound_calibration


def searched(matcher: Matcher) -> documents.Searched:
    """How far a search looks."""
    holdings, selection = matcher.holdings, matcher.holdings.selection
    return documents.Searched(
        items=holdings.totals.items,
        hours=round(holdings.totals.hours, 4),
        collections=list(holdings.collections) if holdings.collections is not None else None,
        earliest=holdings.totals.earliest,
        as_of=utc_text(holdings.as_of),
        methods=list(matcher.methods),
        false_matches=_false_matches(sound=matcher.sound is not None),
        kinds=[kind.value for kind in selection.kinds] or None,
        published_since=selection.published_since,
        published_until=selection.published_until,
        undated_left_out=holdings.totals.undated_left_out if selection.is_dated else None,
    )


def no_search() -> documents.Searched:
    """What is said where no archive could be asked: nothing was searched."""
    return documents.Searched(
        items=0,
        hours=0.0,
        collections=None,
        earliest=None,
        as_of=None,
        methods=[],
        false_matches=_false_matches(sound=False),
    )


def _false_matches(*, sound: bool) -> documents.FalseMatches:
    """The numbers are those of pictures; what sound rests on is told beside them."""
    errs = calibration().false_matches
    heard = sound_calibration().false_matches
    beside = f"; {heard.basis}, {heard.observed} listed" if sound else ""
    return documents.FalseMatches(
        observed=errs.observed,
        query_hours=errs.query_hours,
        upper_95_per_1000_h=errs.upper_95_per_1000_h,
        basis=errs.basis + beside,
    )


def query(matched: Matched) -> documents.Query:
    """What was found for one query."""
    return documents.Query(
        path=path_text(matched.path),
        sha256=matched.digest.hex,
        kind=matched.facts.kind.value,
        duration_seconds=_rounded(matched.facts.duration_seconds),
        coverage=documents.Coverage(picture=_rounded(matched.picture_coverage), sound=_rounded(matched.sound_coverage)),
        not_searched=[
            documents.NotSearched(query=_span(stretch.query), reason=stretch.reason) for stretch in matched.not_searched
        ],
        matches=[_match(one) for one in matched.matches],
    )


def _match(one: MatchedItem) -> documents.Match:
    item, match = one.item, one.match
    basis = item.provenance.date_basis
    return documents.Match(
        item=str(match.item),
        path=path_text(item.path),
        source=item.provenance.source,
        published=item.provenance.published,
        date_basis=basis.value if basis is not None else None,
        confidence=round(match.confidence, 4),
        segments=[_segment(segment) for segment in match.segments],
        witnesses=documents.Witnesses(one.witnesses.picture.value, one.witnesses.sound.value),
    )


def _segment(segment: Segment) -> documents.Segment:
    return documents.Segment(
        channel=segment.channel.value,
        query=_span(segment.query),
        archive=_span(segment.archive),
        rate=None if segment.rate is None else round(segment.rate, 4),
        mirrored=segment.mirrored,
        rotation_degrees=segment.rotation_degrees,
        query_box=_box(segment.query_box),
        archive_box=_box(segment.archive_box),
        confidence=round(segment.confidence, 4),
        method=segment.method,
        evidence=[
            documents.EvidencePair(query=round(pair.query, 3), archive=round(pair.archive, 3), inliers=pair.inliers)
            for pair in segment.evidence
        ],
        recurs_in_items=segment.recurs_in,
    )


def _span(span: Span) -> documents.Span:
    return round(float(span.start), 3), round(float(span.end), 3)


def _box(box: Box | None) -> documents.Box | None:
    if box is None:
        return None
    return round(box.x, 4), round(box.y, 4), round(box.width, 4), round(box.height, 4)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
