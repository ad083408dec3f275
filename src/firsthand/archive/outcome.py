"""What became of one path that was given to a use case."""

from dataclasses import dataclass
from pathlib import Path

from firsthand.errors import InputError


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be used; the others are done."""

    path: str
    error: InputError

    @property
    def reason(self) -> str:
        """Why, in words that do not repeat the path."""
        said = str(self.error).removeprefix(f"{self.path}: ")
        return said.removeprefix(f"{Path(self.path).name} ").removeprefix(f"{self.path} ")
