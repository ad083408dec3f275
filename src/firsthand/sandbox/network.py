"""Whether readers are cut off from the network, found out by trying."""

import socket
from dataclasses import dataclass

from firsthand.errors import FirsthandError
from firsthand.sandbox.call import Report, call
from firsthand.sandbox.limits import Limits


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt to open a socket: the system's refusal, `None` where it was let."""

    refusal: str | None


def attempt(_: Attempt, __: Report) -> Attempt:
    """Runs in a child: tries to open a socket."""
    try:
        socket.socket().close()
    except OSError as error:
        return Attempt(str(error))
    return Attempt(None)


def network_barrier() -> str:
    """One sentence on what keeps readers from the network on this machine, for people."""
    try:
        tried = call(attempt, Attempt(None), Attempt, limits=Limits(wall_seconds=60, cpu_seconds=30))
    except FirsthandError as error:
        return f"could not be found out: {error}"
    if tried.refusal is None:
        return "none: readers could open network connections on this system"
    return "a filter of system calls refuses every socket to readers"
