"""What recall found, in lines for people."""

from collections.abc import Sequence

from firsthand.desk.cli import say
from firsthand.desk.cli.amounts import count, hours
from firsthand.desk.documents.match import Match, Query, Searched
from firsthand.desk.report.clock import on_medium
from firsthand.desk.report.confidence import confidence_sentence
from firsthand.desk.report.recurrence import recurrence_sentences, surest
from firsthand.desk.report.searched_view import kept_to
from firsthand.desk.report.sentences import manner, outcome_sentence
from firsthand.desk.report.witnesses import witness_sentences
from firsthand.recall.sound_confidence import HEARD, sample_size

_BASES = {
    "typed": "as typed by the person who added it",
    "declared": "as its file declares",
    "post_id": "from the number of its post",
    "capture": "when it was captured",
    "timestamped": "proven by a timestamp",
}


def tell(queries: Sequence[Query], searched: Searched) -> None:
    """Each query with its matches, then how far the search looked."""
    for query in queries:
        length = f", {on_medium(query.duration_seconds)}" if query.duration_seconds is not None else ""
        say.line(f"{query.path} ({query.kind}{length})")
        say.line(f"  {outcome_sentence(query, searched)}")
        for place, match in enumerate(query.matches, 1):
            _tell_match(place, match)
        for gap in query.not_searched:
            say.line(f"  Not compared: {_stretch(gap.query)} ({gap.reason}).")
        say.line("")
    say.line(_looked(searched))


def _tell_match(place: int, match: Match) -> None:
    say.line(f"  {place}. {match.path}")
    say.line(f"     {match.item}")
    known = [
        f"published {match.published} ({_BASES.get(match.date_basis or '', 'on a basis not stated')})"
        if match.published
        else "no date of publication is known",
        f"source: {match.source}" if match.source else "no source is known",
    ]
    say.line(f"     {'; '.join(known)}")
    for segment in match.segments:
        heard = segment.channel == "sound"
        how = ", ".join((*(("sound",) if heard else ()), *manner(segment, speed_only=heard)))
        say.line(
            f"     here {_stretch(segment.query)}  =  there {_stretch(segment.archive)}"
            + (f", {how}" if how else "")
            + f"  [{segment.method}]"
        )
    for sentence in (*witness_sentences(match), *recurrence_sentences(match)):
        say.line(f"     {sentence}")
    say.line(f"     {confidence_sentence(surest(match), sample_size(_curves(match)))}")


def _curves(match: Match) -> set[str]:
    """The curves that a match can have been judged by; none for the same bytes."""
    segments = [segment for segment in match.segments if not segment.method.startswith("sha256")]
    heard = {HEARD} if any(segment.channel == "sound" for segment in segments) else set()
    pictures = [segment for segment in segments if segment.channel == "picture"]
    if not pictures:
        return heard or {"instant", "still"}
    moving = all(segment.rate is not None for segment in pictures)
    return heard | ({"moving"} if moving else {"instant", "still"})


def _stretch(span: tuple[float, float]) -> str:
    return on_medium(span[0]) if span[0] == span[1] else f"{on_medium(span[0])} to {on_medium(span[1])}"


def _looked(searched: Searched) -> str:
    parts = [f"{count(searched.items, 'item')}, {hours(searched.hours)}"]
    if searched.collections:
        parts.append("collections: " + ", ".join(searched.collections))
    parts += kept_to(searched)
    if searched.methods:
        parts.append("methods: " + ", ".join(searched.methods))
    return "Searched " + "; ".join(parts) + "."
