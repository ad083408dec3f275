"""Documents as text."""

import msgspec

_INDENT = 2


def to_json(document: msgspec.Struct, *, pretty: bool) -> str:
    """The document as one JSON text, without a newline at its end; `pretty` breaks and indents its lines."""
    encoded = msgspec.json.encode(document)
    return (msgspec.json.format(encoded, indent=_INDENT) if pretty else encoded).decode()
