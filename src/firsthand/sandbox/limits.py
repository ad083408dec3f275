"""How much one reader may take."""

from dataclasses import dataclass, fields

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one sandboxed call; whoever passes one is ended.

    Attributes:
        memory_bytes: address space on top of what the program itself takes at the start of the call.
        cpu_seconds: processor time, all threads together.
        wall_seconds: time on the clock, the start of the child included.
        file_bytes: size of any one file that it writes.
        result_bytes: size of the result (and of any one message) that the parent accepts.
        open_files: file descriptors open at once.
    """

    memory_bytes: int = 2048 * _MEGABYTE
    cpu_seconds: float = 600.0
    wall_seconds: float = 1200.0
    file_bytes: int = 2048 * _MEGABYTE
    result_bytes: int = 256 * _MEGABYTE
    open_files: int = 64

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"expected {field.name} above 0, got {value}")
