"""Pictures and sound as separate witnesses: what each says of a match, in words."""

from firsthand.desk.documents.match import Match, Segment, Span
from firsthand.desk.report.sentences import union_seconds

_PART_SECONDS = 2.0
"""Shorter differences between the stretches of pictures and sound are their ends' error."""


_SAID = {
    ("shared", "shared"): "Pictures and sound are both shared.",
    ("not_found", "shared"): (
        "The same sound under other pictures: both have pictures, and no shared stretch of them was found."
    ),
    ("shared", "not_found"): (
        "The same pictures without matching sound: both have sound, and no shared stretch of it was found."
    ),
    ("not_compared", "shared"): "This rests on sound alone: there were no pictures on both sides to compare.",
    ("shared", "not_compared"): "This rests on pictures alone: there was no sound on both sides to compare.",
}


def witness_sentences(match: Match) -> tuple[str, ...]:
    """Which witness a match rests on, and what the other one says; nothing of the same bytes."""
    said = match.witnesses
    if said is None or any(segment.method.startswith("sha256") for segment in match.segments):
        return ()
    sentence = _SAID.get((said.picture, said.sound))
    parts = _parts(match.segments) if said.picture == said.sound == "shared" else ()
    return () if sentence is None else (sentence, *parts)


def _parts(segments: list[Segment]) -> tuple[str, ...]:
    """For how long one witness speaks without the other."""
    pictures = [segment.query for segment in segments if segment.channel == "picture"]
    sounds = [segment.query for segment in segments if segment.channel == "sound"]
    silent, unseen = _alone(pictures, sounds), _alone(sounds, pictures)
    return (
        *((f"For {silent:.1f} seconds the pictures are the same without matching sound.",) if silent else ()),
        *((f"For {unseen:.1f} seconds the sound is the same under other pictures.",) if unseen else ()),
    )


def _alone(spans: list[Span], others: list[Span]) -> float:
    """The seconds that only the first cover, 0 where they are few."""
    alone = union_seconds(spans + others) - union_seconds(others)
    return alone if alone >= _PART_SECONDS else 0.0
