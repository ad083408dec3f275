"""Stretches that many otherwise unrelated items hold: that they do, in words, and what follows for a match."""

from firsthand.desk.documents.match import Match, Segment
from firsthand.desk.report.clock import stretch


def recurrence_sentences(match: Match) -> tuple[str, ...]:
    """One sentence for each stretch that recurs, and one on the order of matches where that puts this one back."""
    told = {(segment.channel, segment.query): segment for segment in match.segments if segment.recurs_in_items}
    said = tuple(_sentence(segment) for segment in told.values())
    if not said or match.confidence >= surest(match):
        return said
    return (*said, "Nothing rarer is shared with this item, so matches that rest on rarer stretches are listed first.")


def surest(match: Match) -> float:
    """How sure it is that something is shared, however often that recurs."""
    recurs = [segment.confidence for segment in match.segments if segment.recurs_in_items]
    return max([match.confidence, *recurs])


def _sentence(segment: Segment) -> str:
    what = "sound" if segment.channel == "sound" else "footage"
    return (
        f"The {what} at {stretch(segment.query)} recurs in at least {segment.recurs_in_items:,} items of the archive "
        "that share nothing else, as an end card, a title or a jingle does."
    )
