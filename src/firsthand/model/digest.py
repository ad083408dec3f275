"""The name of an item: the cryptographic digest of its bytes."""

import re
from dataclasses import dataclass

_HEX = re.compile(r"[0-9a-f]{64}\Z")
PREFIX = "sha256:"


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 digest, written `sha256:` and 64 hexadecimal digits."""

    hex: str

    def __post_init__(self) -> None:
        if not _HEX.match(self.hex):
            raise ValueError(f"expected 64 lowercase hexadecimal digits, got {self.hex!r}")

    def __str__(self) -> str:
        return PREFIX + self.hex

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """The digest that `text` names, with or without the prefix.

        Raises:
            ValueError: it is not one.
        """
        return cls(text.removeprefix(PREFIX).lower())
