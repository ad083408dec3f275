"""What `match` and `check` share: the media meant, asked of the archive one after the other."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from firsthand.archive.check import Checked, check
from firsthand.archive.match import Matcher, matcher
from firsthand.archive.open import open_holdings
from firsthand.archive.walk import Found, PassedOver, walk
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.progress import Progress, progress
from firsthand.desk.cli.settings import Settings
from firsthand.desk.documents.from_recall import searched
from firsthand.desk.documents.match import Searched
from firsthand.errors import ArchiveError, InputError
from firsthand.model.selection import Selection
from firsthand.recall.reading import HEAVY
from firsthand.sandbox.call import warm


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the archive.

    Attributes:
        paths: media, or folders of them.
        selection: the items that are searched.
        limit: how many matches are told for each medium; all where `None`.
        sound: whether sound is compared too.
        with_pictures: whether the pairs of pictures that show a match are wanted.
    """

    paths: tuple[str, ...]
    selection: Selection
    limit: int | None
    sound: bool = True
    with_pictures: bool = False


@dataclass(slots=True)
class Asked:
    """Grows while media are asked about: how far the search looked, and what was found, in the order given."""

    searched: Searched | None = None
    checked: list[Checked] = field(default_factory=list)


def ask(question: Question, settings: Settings, faults: Faults) -> Asked:
    """The answers; what could not be used is among the faults."""
    asked = Asked()
    folder = str(settings.layout.folder)
    with faults.caught(folder, ArchiveError), open_holdings(settings.layout, question.selection) as holdings:
        asking = matcher(holdings, limit=question.limit, sound=question.sound)
        asked.searched = searched(asking)
        paths = list(_paths(question.paths, settings.layout.folder, faults))
        sizes = {path: _size_bytes(path) for path in paths}
        warm(HEAVY)
        with progress(sizes, quiet=settings.quiet) as shown:
            for path in paths:
                with _told(path, faults, shown):
                    asked.checked.append(_checked(asking, path, question, shown))
    return asked


def _checked(asking: Matcher, path: str, question: Question, shown: Progress) -> Checked:
    return check(
        asking,
        path,
        with_pictures=question.with_pictures,
        on_progress=lambda share: shown.reading(path, share),
    )


@contextmanager
def _told(path: str, faults: Faults, shown: Progress) -> Iterator[None]:
    with faults.caught(path, InputError):
        yield
    shown.reading(path, 1.0)


def _paths(paths: Iterable[str], archive: Path, faults: Faults) -> Iterator[str]:
    for one in walk(paths, archive):
        if isinstance(one, Found):
            yield one.path
        elif not isinstance(one, PassedOver):
            faults.refused(one)


def _size_bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
