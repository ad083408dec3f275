"""The process: one command, one exit code, and no traceback unless it is asked for."""

import io
import logging
import os
import sys
import traceback

import click

from firsthand.desk.cli.app import app
from firsthand.errors import FirsthandError

INTERRUPTED = 130


def run() -> None:
    """Run the command line and end the process.

    Exit codes: 0 done; 1 some inputs could not be used, or the program has a defect; 2 wrong usage; 3 the archive
    can't be used; 4 it can't be written; 130 interrupted.
    """
    asked: dict[str, object] = {}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.getLogger("firsthand").addHandler(logging.NullHandler())
    sys.exit(_exit_code(asked))


def _exit_code(asked: dict[str, object]) -> int:
    try:
        code = app.main(standalone_mode=False, obj=asked)
        sys.stdout.flush()
    except click.ClickException as error:
        _complain(_usage(error))
        return error.exit_code
    except FirsthandError as error:
        _complain(str(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads; nothing more to say
        return 1
    except Exception as error:  # noqa: BLE001 (the edge of the process)
        _confess(error, verbose=bool(asked.get("verbose")))
        return 1
    return code if isinstance(code, int) else 0


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message}; see `{context.command_path} --help`" if context else message


def _confess(error: Exception, *, verbose: bool) -> None:
    if verbose:
        traceback.print_exception(error)
    more = "" if verbose else "; --verbose tells where"
    _complain(f"this is a defect of the program, not of your files ({type(error).__name__}: {error}){more}")


def _complain(sentence: str) -> None:
    print(f"firsthand: {sentence}", file=sys.stderr)  # noqa: T201
