"""Which items a question keeps to."""

from dataclasses import dataclass

from firsthand.model.civil import CivilStretch
from firsthand.model.item import Kind


@dataclass(frozen=True, slots=True)
class Selection:
    """Items of any of these collections, of any of these kinds, published in this time; no limit where none is named.

    `published_since` and `published_until` are texts as in `CivilStretch.of`, both included: an item belongs to the
    selection if what is stated of it can lie between them. Where either is named, items without a stated date are left
    out. Any capture of an item counts.
    """

    collections: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    published_since: str | None = None
    published_until: str | None = None

    def __post_init__(self) -> None:
        since, until = (None if text is None else CivilStretch.of(text) for text in self.stretch)
        if since is not None and until is not None and since.low >= until.high:
            raise ValueError(f"expected a date after {self.published_since}, got {self.published_until}")

    @property
    def stretch(self) -> tuple[str | None, str | None]:
        """The ends in time."""
        return self.published_since, self.published_until

    @property
    def is_dated(self) -> bool:
        """Whether it leaves out items without a stated date."""
        return self.stretch != (None, None)


EVERYTHING = Selection()
"""All items."""


def can_lie_between(published: str | None, since: str | None, until: str | None) -> bool:
    """Whether what is stated of an item can lie in the time of a selection; texts that are no dates can't."""
    if published is None:
        return False
    try:
        stated = CivilStretch.of(published)
    except ValueError:
        return False
    after = since is None or stated.high > CivilStretch.of(since).low
    return after and (until is None or stated.low < CivilStretch.of(until).high)
