"""Who is shown a medium while it is read once."""

from typing import Protocol

from firsthand.media.picture import Picture


class Observer(Protocol):
    """Sees every presented picture of a medium, in order."""

    def picture(self, picture: Picture) -> None:
        """Looks at a picture; keeping it keeps its frame in memory."""

    def close(self) -> None:
        """No more pictures will come, whether the end was reached or not."""
