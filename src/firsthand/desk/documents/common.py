"""What every document has."""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """An input that could not be used, and why, in one sentence."""

    path: str
    error: str
    message: str
