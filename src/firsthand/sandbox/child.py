"""What runs in the child: give up everything first, then read, then answer once."""

import contextlib
import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from time import monotonic

from firsthand.errors import DiskFullError, FirsthandError, LimitExceededError
from firsthand.sandbox import message, wire
from firsthand.sandbox.limits import Limits
from firsthand.sandbox.parent_watch import end_with_parent
from firsthand.sandbox.rlimits import set_rlimits
from firsthand.sandbox.seccomp import forbid_network_and_reach

_SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True, slots=True)
class Name:
    """A function or class as the module that it can be imported from and its name there."""

    module: str
    qualified: str

    def resolve(self) -> object:
        """The object; raises `ImportError` or `AttributeError`."""
        found: object = import_module(self.module)
        for part in self.qualified.split("."):
            found = getattr(found, part)
        return found


@dataclass(frozen=True, slots=True)
class Order:
    """All that a child is told; the request as MessagePack."""

    function: Name
    request_type: Name
    request: bytes
    limits: Limits
    folder: str


def run(connection: Connection, order: Order) -> None:
    """Serves one order and ends the process without running anybody's exit handlers."""
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        _silence()
        _close_all_but(connection.fileno())
        end_with_parent(connection)
        connection.send_bytes(_answer(connection, order))
    os._exit(0)


def _silence() -> None:
    """Ctrl-C is the parent's affair, and nothing that a library prints may reach the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end


def _close_all_but(kept: int) -> None:
    """Closes what came along, the fork server's own pipes among it: it must see the program's end, and only it."""
    if sys.platform == "win32":
        return
    highest = os.sysconf("SC_OPEN_MAX") if sys.platform != "win32" else 3
    os.closerange(3, kept)
    os.closerange(kept + 1, max(kept + 1, highest))


def _answer(connection: Connection, order: Order) -> bytes:
    try:
        with contextlib.suppress(OSError):
            os.chdir(order.folder)
        function, request = _prepared(order)
        set_rlimits(order.limits)
        forbid_network_and_reach()
        body = wire.encode(function(request, _reporter(connection)))
        if len(body) > order.limits.result_bytes:
            raise LimitExceededError(  # noqa: TRY301 - told like any other limit
                f"the result takes {len(body)} bytes, more than the {order.limits.result_bytes} allowed"
            )
    except BaseException as error:  # noqa: BLE001 - the edge of the process: whatever it is, the parent hears of it
        return _told(error)
    return message.RESULT + body


def _prepared(order: Order) -> tuple[Callable[[object, Callable[[float], None]], object], object]:
    """The function and its request; imports happen here, before the limits."""
    function = order.function.resolve()
    wanted = order.request_type.resolve()
    if not callable(function) or not isinstance(wanted, type):
        raise TypeError(f"expected a function and a class, got {order.function} and {order.request_type}")
    return function, wire.decode(order.request, wanted)


def _told(error: BaseException) -> bytes:
    match error:
        case FirsthandError():
            return message.failure(error.code, str(error))
        case MemoryError():
            return message.failure(LimitExceededError.code, "reading it took more memory than allowed")
        case OSError(errno=errno.EFBIG):
            return message.failure(LimitExceededError.code, "reading it wrote a larger file than allowed")
        case OSError(errno=errno.EMFILE):
            return message.failure(LimitExceededError.code, "reading it opened more files than allowed")
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return message.failure(DiskFullError.code, "no space is left for what reading it keeps")
    trace = "".join(traceback.format_exception(error))
    return message.failure("", f"{type(error).__name__}: {error}", trace)


def _reporter(connection: Connection) -> Callable[[float], None]:
    last = -_SECONDS_BETWEEN_REPORTS

    def report(fraction: float) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _SECONDS_BETWEEN_REPORTS or fraction >= 1:
            last = now
            connection.send_bytes(message.progress(fraction))

    return report
