"""What children are asked to do in the tests of the sandbox."""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firsthand.errors import DiskFullError, EmptyFileError
from firsthand.model.box import Box
from firsthand.model.digest import Digest
from firsthand.model.span import Span

type Report = Callable[[float], None]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Order:
    size: int = 0
    path: Path = Path("nowhere")
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    text: str


@dataclass(frozen=True, slots=True)
class Everything:
    floats: npt.NDArray[np.float64]
    pixels: npt.NDArray[np.uint8]
    empty: npt.NDArray[np.int8]
    path: Path
    share: Fraction
    span: Span
    digest: Digest
    box: Box | None
    colour: Colour
    raw: bytes
    many: tuple[npt.NDArray[np.float32], ...] = field(default=())


def echo(request: Everything, _: Report) -> Everything:
    return request


def scalars(_: Order, __: Report) -> Span:
    return Span.of(np.float64(0.5), float(np.float32(1.5)))


def progress(_: Order, report: Report) -> Answer:
    for fraction in (-1.0, 0.5, float("nan"), 2.0):
        report(fraction)
        time.sleep(0.11)
    return Answer("done")


def bad_progress(_: Order, report: Report) -> Answer:
    report(float("inf"))
    return Answer("done")


def environment(_: Order, __: Report) -> Answer:
    return Answer(f"{Path.cwd()} {os.getpid()} {signal.getsignal(signal.SIGINT) == signal.SIG_IGN}")


def chatter(_: Order, __: Report) -> Answer:
    print("printed")  # noqa: T201
    os.write(1, b"written to 1")
    os.write(2, b"written to 2")
    return Answer("quiet")


def empty_file(request: Order, _: Report) -> Answer:
    raise EmptyFileError(f"{request.path.name} is empty")


def disk_full(_: Order, __: Report) -> Answer:
    raise DiskFullError("no space on the disk")


def stranger(_: Order, __: Report) -> Answer:
    raise RuntimeError("first line\nsecond \u202e line\x1b[31m " + "x" * 5000)


def no_memory(request: Order, _: Report) -> Answer:
    return Answer(str(len(bytearray(request.size))))


def thread_stack(_: Order, __: Report) -> Answer:
    heard: list[int] = []
    threads = [threading.Thread(target=heard.append, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answer(str(sorted(heard)))


def sleep(_: Order, __: Report) -> Answer:
    time.sleep(600)
    return Answer("late")


def sleep_and_tell(request: Order, _: Report) -> Answer:
    request.path.write_text(str(os.getpid()), "ascii")
    while True:
        time.sleep(0.05)


def hold_the_interpreter(request: Order, _: Report) -> Answer:
    request.path.write_text(str(os.getpid()), "ascii")
    return Answer(str(re.match(r"(a+)+$", "a" * 64 + "b")))  # backtracks for years without letting a thread run


def spin(_: Order, __: Report) -> Answer:
    while True:
        pass


def large_file(request: Order, _: Report) -> Answer:
    request.path.write_bytes(bytes(request.size))
    return Answer("written")


def many_files(_: Order, __: Report) -> Answer:
    held = [open(os.devnull, "rb") for _ in range(500)]  # noqa: SIM115, PTH123
    return Answer(str(len(held)))


def crash(_: Order, __: Report) -> Answer:
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(5)
    return Answer("survived")


def leave(_: Order, __: Report) -> Answer:
    os._exit(3)


def large_result(request: Order, _: Report) -> Answer:
    return Answer("x" * request.size)


def odd_result(_: Order, __: Report) -> Answer:
    return 12  # type: ignore[return-value]


def result_without_form(_: Order, __: Report) -> Answer:
    return Answer(object())  # type: ignore[arg-type]


def open_socket(_: Order, __: Report) -> Answer:
    answers = []
    for family, kind in ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_DGRAM), (1, 1)):
        try:
            socket.socket(family, kind).close()
        except OSError as error:
            answers.append(str(error.errno))
        else:
            answers.append("open")
    return Answer(" ".join(answers))


def reach_out(request: Order, _: Report) -> Answer:
    answers = []
    for action in (
        lambda: subprocess.run([sys.executable, "--version"], check=True),
        os.fork,
        lambda: os.execv(sys.executable, ["python", "--version"]),  # noqa: S606
        lambda: os.kill(request.size, 0),
        lambda: os.kill(os.getpid(), 0),
        _trace_self,
    ):
        try:
            action()
        except OSError as error:
            answers.append(str(error.errno))
        else:
            answers.append("done")
    return Answer(" ".join(answers))


def _trace_self() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def flood(request: Order, _: Report) -> Answer:
    """A child that was taken over: writes what it likes to every descriptor it holds."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, bytes.fromhex(request.text))
        except OSError:
            continue
    os._exit(0)
