"""A child ends with the program that started it, even where that was killed."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG = 1


def end_with_parent(connection: Connection) -> None:
    """Ends this process as soon as nobody holds the other end of `connection`.

    Two ways, for each has a hole: the kernel's signal follows the process that forked (the fork server, which ends
    with the program), the thread needs the interpreter's lock.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    threading.Thread(target=_watch, args=(connection,), name="parent-watch", daemon=True).start()


def _watch(connection: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        connection.recv_bytes(1)  # the parent never sends: this returns when it is gone
    os._exit(1)
