"""All that can be said of a medium before it is published; of recall so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firsthand.archive.match import Matched, Matcher
from firsthand.model.picture import PicturePair
from firsthand.recall.showing import picture_pairs


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found for one medium, and picture pairs by item and place of the segment."""

    matched: Matched
    pictures: Mapping[tuple[str, int], tuple[PicturePair, ...]]


def check(
    matcher: Matcher, path: str, *, with_pictures: bool, on_progress: Callable[[float], None] | None = None
) -> Checked:
    """Everything about the medium at `path`.

    Args:
        matcher: asks an archive.
        path: the medium.
        with_pictures: also the pairs of pictures that show each segment.
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
                pairs = picture_pairs(track, archived, found_match.found)
                pictures |= {(str(found_match.match.item), place): shown for place, shown in enumerate(pairs)}
    return Checked(matched, pictures)
