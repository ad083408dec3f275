"""All that can be said of a medium before it is published; of recall so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from firsthand.archive.match import Matched, MatchedItem, Matcher
from firsthand.model.match import Channel
from firsthand.model.picture import PicturePair
from firsthand.model.sound import LevelPair
from firsthand.recall.landmarks import METHOD as LANDMARKS
from firsthand.recall.segments import Found
from firsthand.recall.showing import picture_pairs
from firsthand.recall.sound_showing import level_pairs
from firsthand.recall.sound_verify import SoundTrack


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found for one medium; picture pairs and levels of sound by item and place of the segment."""

    matched: Matched
    pictures: Mapping[tuple[str, int], tuple[PicturePair, ...]]
    levels: Mapping[tuple[str, int], LevelPair] = field(default_factory=dict)


def check(
    matcher: Matcher, path: str, *, with_pictures: bool, on_progress: Callable[[float], None] | None = None
) -> Checked:
    """Everything about the medium at `path`.

    Args:
        matcher: asks an archive.
        path: the medium.
        with_pictures: also the pairs of pictures and the levels of sound that show each segment.
        on_progress: hears the share of the work that is done.

    Raises:
        InputError: it could not be read.
    """
    with matcher.matched(path, on_progress) as (matched, query):
        pictures: dict[tuple[str, int], tuple[PicturePair, ...]] = {}
        track = query.track
        if with_pictures and track is not None:
            for found_match in matched.matches:
                archived = matcher.archived(found_match.key)
                if archived is None:
                    continue
                pairs = picture_pairs(track, archived, [_seen(one) for one in found_match.found])
                pictures |= {(str(found_match.match.item), place): shown for place, shown in enumerate(pairs)}
        levels: dict[tuple[str, int], LevelPair] = {}
        sound = query.sound_track
        if with_pictures and sound is not None:
            for found_match in matched.matches:
                levels |= _levels(matcher, sound, found_match)
    return Checked(matched, pictures, levels)


def _seen(found: Found) -> Found:
    """What pictures can show of an overlap: nothing of one that was heard."""
    if found.segment.channel is Channel.PICTURE:
        return found
    return replace(found, segment=replace(found.segment, evidence=()))


def _levels(matcher: Matcher, sound: SoundTrack, match: MatchedItem) -> dict[tuple[str, int], LevelPair]:
    """The levels of the segments of sound of one match, by item and place of the segment."""
    archived = matcher.archived_sound(match.key)
    places = [place for place, one in enumerate(match.found) if one.segment.method == LANDMARKS]
    if archived is None or not places:
        return {}
    pairs = level_pairs(sound, archived, [match.found[place] for place in places])
    return {(str(match.match.item), place): pair for place, pair in zip(places, pairs, strict=False)}
