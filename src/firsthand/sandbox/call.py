"""Runs a function on untrusted bytes in a process of its own."""

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection as pipes
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import FunctionType

from firsthand.errors import (
    ArchiveWriteError,
    FirsthandError,
    InputError,
    LimitExceededError,
    ReaderDiedError,
    UnreadableMediaError,
)
from firsthand.sandbox import message, wire
from firsthand.sandbox.child import Name, Order, run
from firsthand.sandbox.limits import Limits

type Report = Callable[[float], None]

_log = logging.getLogger("firsthand")
_context: ForkServerContext | SpawnContext
if sys.platform == "linux":
    _context = multiprocessing.get_context("forkserver")
else:
    _context = multiprocessing.get_context("spawn")
_preloaded = ["firsthand.sandbox.fork_server", "firsthand.sandbox.child"]
_processes = threading.Lock()  # multiprocessing's own bookkeeping of children is not safe between threads
_living: set[BaseProcess] = set()
_SECONDS_TO_END = 5.0
_PAUSES = (0.05, 0.2, 1.0)


def warm(modules: Iterable[str]) -> None:
    """Names modules that the process which children are forked from imports once; before the first `call`."""
    with _processes:
        _preloaded.extend(name for name in modules if name not in _preloaded)
        if sys.platform == "linux":
            _context.set_forkserver_preload(_preloaded)


def call[Request, Result](
    function: Callable[[Request, Report], Result],
    request: Request,
    result_type: type[Result],
    *,
    limits: Limits | None = None,
    on_progress: Report | None = None,
) -> Result:
    """The result of `function(request, report)`, computed in a fresh child process that ends with this call.

    `function` and the classes of request and result are importable by name; what they hold must fit `wire`. Safe to
    call from several threads. `on_progress` hears fractions between 0 and 1 in the calling thread.

    Raises:
        InputError: the error of ours that the function raised, the same class.
        UnreadableMediaError: it raised anything else, or answered with something that is no `result_type`.
        LimitExceededError: it took more time, memory or space than `limits` allow.
        ReaderDiedError: the process ended without an answer.
        ArchiveWriteError: what the function writes found no space.
        ValueError: `function` or the request's class cannot be imported by name.
    """
    bounds = limits or Limits()
    order = Order(_name(function), _name(type(request)), wire.encode(request), bounds, _folder())
    with _child(order) as (process, pipe):
        ran_out = threading.Event()
        clock = threading.Timer(bounds.wall_seconds, _run_out, (process, ran_out))
        clock.daemon = True
        clock.start()
        try:
            body = _result(pipe, bounds, on_progress)
        except (EOFError, ConnectionError):
            raise _ending(process, bounds, ran_out=ran_out.is_set()) from None
        finally:
            clock.cancel()
    try:
        return wire.decode(body, result_type)
    except ValueError as error:
        _log.debug("answer of %s refused: %s", order.function, error)
        raise UnreadableMediaError("the reader's answer was not what it should be") from error


def end_all() -> None:
    """Kills every child that a call in any thread waits for; those calls raise `ReaderDiedError`."""
    with _processes:
        for process in _living:
            process.kill()


def _name(wanted: object) -> Name:
    if not isinstance(wanted, type | FunctionType) or wanted.__module__ == "__main__" or "<" in wanted.__qualname__:
        raise ValueError(f"expected something that a child can import by name, got {wanted!r}")
    return Name(wanted.__module__, wanted.__qualname__)


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a string crosses
    except FileNotFoundError:
        return os.sep


@contextlib.contextmanager
def _child(order: Order) -> Iterator[tuple[BaseProcess, "pipes.Connection"]]:
    """A running child and our end of its pipe; gone at the end, however that is reached."""
    ours, theirs = _context.Pipe()
    process = _context.Process(target=run, args=(theirs, order), daemon=True)
    try:
        with _processes:
            _start(process)
            _living.add(process)
        theirs.close()
        yield process, ours
    finally:
        theirs.close()
        ours.close()
        _end(process)


def _start(process: BaseProcess) -> None:
    """Starts the process, again where the fork server had just died."""
    if sys.platform == "linux":
        _context.set_forkserver_preload(_preloaded)
    for pause in _PAUSES:
        try:
            process.start()
        except (ConnectionError, EOFError):
            time.sleep(pause)
        else:
            return
    raise ReaderDiedError("the reader could not be started")


def _end(process: BaseProcess) -> None:
    with _processes:
        _living.discard(process)
        if process.pid is None:
            return
        process.kill()
        process.join()


def _run_out(process: BaseProcess, ran_out: threading.Event) -> None:
    ran_out.set()
    with _processes:
        if process in _living:
            process.kill()


def _result(pipe: "pipes.Connection", bounds: Limits, on_progress: Report | None) -> memoryview:
    """The bytes of the result; progress on the way is passed on."""
    while True:
        try:
            frame = pipe.recv_bytes(bounds.result_bytes + message.OVERHEAD_BYTES)
        except ConnectionError:
            raise
        except OSError as error:
            raise LimitExceededError(f"the result takes more than the {bounds.result_bytes} bytes allowed") from error
        kind, body = frame[:1], memoryview(frame)[1:]
        if kind == message.RESULT:
            return body
        if kind == message.FAILURE:
            raise _error(message.failure_of(body))
        fraction = message.progress_of(body) if kind == message.PROGRESS else None
        if fraction is None:
            raise UnreadableMediaError("the reader's answer was not what it should be")
        if on_progress is not None:
            on_progress(fraction)


def _error(told: message.Failure) -> FirsthandError:
    for known in _known_errors(InputError, ArchiveWriteError):
        if known.code == told.code:
            return known(told.sentence)
    _log.debug("a reader failed: %s\n%s", told.sentence, told.trace)
    return UnreadableMediaError(f"the reader gave up: {told.sentence}")


def _known_errors(*roots: type[FirsthandError]) -> Iterator[type[FirsthandError]]:
    for root in roots:
        yield root
        yield from _known_errors(*root.__subclasses__())


def _ending(process: BaseProcess, bounds: Limits, *, ran_out: bool) -> InputError:
    """Why a child ended without an answer."""
    pipes.wait([process.sentinel], _SECONDS_TO_END)
    with _processes:
        code = process.exitcode
    if ran_out:
        return LimitExceededError(f"reading it took longer than the {bounds.wall_seconds:g} seconds allowed")
    if code is not None and code < 0:
        if sys.platform != "win32" and -code == signal.SIGXCPU:
            return LimitExceededError(f"reading it took more than the {bounds.cpu_seconds:g} processor seconds allowed")
        return ReaderDiedError(f"the reader was ended by {_signal_name(-code)}")
    return ReaderDiedError("the reader ended without an answer")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
