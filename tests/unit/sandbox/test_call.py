import errno
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sandbox_subjects as subjects
from sandbox_subjects import Answer, Colour, Everything, Order

from firsthand.errors import (
    DiskFullError,
    EmptyFileError,
    LimitExceededError,
    ReaderDiedError,
    UnreadableMediaError,
)
from firsthand.model.box import Box
from firsthand.model.digest import Digest
from firsthand.model.span import Span
from firsthand.sandbox.call import call, end_all
from firsthand.sandbox.limits import Limits
from firsthand.sandbox.network import network_barrier
from firsthand.sandbox.seccomp import is_known_platform

linux = pytest.mark.skipif(sys.platform != "linux", reason="a limit that only Linux has")
filtered = pytest.mark.skipif(not is_known_platform(), reason="no filter of system calls here")

SMALL = Limits(memory_bytes=256 << 20, cpu_seconds=20, wall_seconds=20, result_bytes=1 << 20)


def everything() -> Everything:
    random = np.random.default_rng(1)
    return Everything(
        floats=random.random((3, 4)),
        pixels=random.integers(0, 256, (5, 6, 3), dtype=np.uint8)[:, ::2],
        empty=np.empty((0, 7), np.int8),
        path=Path(os.fsdecode(b"name-\xff.mp4")),
        share=Fraction(-1, 3),
        span=Span.of(0.25, 9.5),
        digest=Digest("ab" * 32),
        box=Box(0.1, 0.2, 0.3, 0.4),
        colour=Colour.BLUE,
        raw=b"\0\xff",
        many=(np.ones(2, np.float32), np.zeros((1, 1), np.float32)),
    )


def test_values_of_every_kind_cross_both_ways_unchanged() -> None:
    sent = everything()
    got = call(subjects.echo, sent, Everything, limits=SMALL)
    assert np.array_equal(got.floats, sent.floats)
    assert got.floats.dtype == np.float64
    assert np.array_equal(got.pixels, sent.pixels)
    assert got.empty.shape == (0, 7)
    assert [array.shape for array in got.many] == [(2,), (1, 1)]
    plain = ("path", "share", "span", "digest", "box", "colour", "raw")
    assert [getattr(got, name) for name in plain] == [getattr(sent, name) for name in plain]


def test_arrays_come_back_read_only() -> None:
    got = call(subjects.echo, everything(), Everything, limits=SMALL)
    with pytest.raises(ValueError, match="read-only"):
        got.floats[0, 0] = 1


def test_numbers_of_numpy_count_as_numbers() -> None:
    assert call(subjects.scalars, Order(), Span) == Span.of(0.5, 1.5)


def test_progress_is_heard_as_fractions_between_nought_and_one() -> None:
    heard: list[float] = []
    with pytest.raises(UnreadableMediaError, match="not what it should be"):
        call(subjects.progress, Order(), Answer, on_progress=heard.append)
    assert heard == [0.0, 0.5]


def test_the_child_works_where_the_caller_stands_and_ignores_the_interrupt_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder, pid, ignores = call(subjects.environment, Order(), Answer).text.rsplit(" ", 2)
    assert folder == str(tmp_path)
    assert int(pid) != os.getpid()
    assert ignores == "True"


def test_nothing_that_a_child_prints_reaches_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(subjects.chatter, Order(), Answer).text == "quiet"
    assert capfd.readouterr() == ("", "")


def test_an_error_of_ours_comes_back_as_the_same_class() -> None:
    with pytest.raises(EmptyFileError, match=r"^x\.mp4 is empty$"):
        call(subjects.empty_file, Order(path=Path("x.mp4")), Answer)
    with pytest.raises(DiskFullError, match="no space"):
        call(subjects.disk_full, Order(), Answer)


def test_any_other_error_becomes_one_clean_sentence_and_its_traceback_goes_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "firsthand"), pytest.raises(UnreadableMediaError) as caught:
        call(subjects.stranger, Order(), Answer)
    sentence = str(caught.value)
    assert sentence.startswith("the reader gave up: RuntimeError: first line second line[31m xxx")
    assert len(sentence) < 500
    assert "Traceback" in caplog.text


@linux
def test_a_child_that_asks_for_too_much_memory_is_refused_it() -> None:
    with pytest.raises(LimitExceededError, match="more memory"):
        call(subjects.no_memory, Order(size=1 << 30), Answer, limits=SMALL)
    assert call(subjects.no_memory, Order(size=1 << 20), Answer, limits=SMALL).text == str(1 << 20)


def test_a_child_that_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(LimitExceededError, match=r"longer than the 0\.5 seconds"):
        call(subjects.sleep, Order(), Answer, limits=Limits(wall_seconds=0.5))
    assert time.monotonic() - began < 10


@linux
def test_a_child_that_computes_too_long_is_ended() -> None:
    with pytest.raises(LimitExceededError, match="1 processor seconds"):
        call(subjects.spin, Order(), Answer, limits=Limits(cpu_seconds=1, wall_seconds=30))


@linux
def test_a_child_that_writes_too_much_is_ended(tmp_path: Path) -> None:
    order = Order(size=200_000, path=tmp_path / "large")
    with pytest.raises(LimitExceededError, match="larger file"):
        call(subjects.large_file, order, Answer, limits=Limits(file_bytes=100_000))
    assert order.path.stat().st_size <= 100_000


@linux
def test_a_child_that_opens_too_many_files_is_ended() -> None:
    with pytest.raises(LimitExceededError, match="more files"):
        call(subjects.many_files, Order(), Answer)


def test_a_crash_costs_one_call_and_is_named() -> None:
    with pytest.raises(ReaderDiedError, match="SIGSEGV"):
        call(subjects.crash, Order(), Answer)
    assert call(subjects.thread_stack, Order(), Answer).text == "[0, 1, 2, 3]"


def test_a_child_that_leaves_without_a_word_is_named() -> None:
    with pytest.raises(ReaderDiedError, match="without an answer"):
        call(subjects.leave, Order(), Answer)


def test_a_result_over_the_cap_is_refused() -> None:
    with pytest.raises(LimitExceededError, match="result takes"):
        call(subjects.large_result, Order(size=2 << 20), Answer, limits=SMALL)


@pytest.mark.parametrize("function", [subjects.odd_result, subjects.result_without_form])
def test_a_result_of_another_type_is_refused(function: object) -> None:
    with pytest.raises(UnreadableMediaError):
        call(function, Order(), Answer)  # type: ignore[arg-type]


def frame(body: bytes) -> str:
    return (len(body).to_bytes(4, "big") + body).hex()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (frame(b""), UnreadableMediaError),
        (frame(b"?"), UnreadableMediaError),
        (frame(b"p"), UnreadableMediaError),
        (frame(b"f\xc1"), UnreadableMediaError),
        (frame(b"r\xc1"), UnreadableMediaError),
        (frame(b"r" + b"\x91" * 100_000), UnreadableMediaError),
        (frame(b"r\xdd\xff\xff\xff\xff"), UnreadableMediaError),
        ((1 << 30).to_bytes(4, "big").hex(), LimitExceededError),
        ("ffffffff7fffffffffffffff", LimitExceededError),
        ("00000064", ReaderDiedError),
    ],
)
def test_whatever_a_child_that_was_taken_over_says_is_one_refusal(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(subjects.flood, Order(text=text), Answer, limits=SMALL)


def test_a_child_may_not_claim_errors_that_are_not_about_its_input() -> None:
    text = frame(b"f" + b"\x93\xafarchive-damaged\xa3all\xa0")
    with pytest.raises(UnreadableMediaError):
        call(subjects.flood, Order(text=text), Answer, limits=SMALL)


@filtered
def test_a_child_cannot_open_any_socket() -> None:
    answer = call(subjects.open_socket, Order(), Answer)
    assert set(answer.text.split()) == {str(errno.EACCES)}
    assert "refuses every socket" in network_barrier()


@filtered
def test_a_child_cannot_start_programs_or_reach_other_processes() -> None:
    answer = call(subjects.reach_out, Order(size=os.getpid()), Answer)
    refused = str(errno.EPERM)
    assert answer.text.split() == [refused, refused, refused, refused, "done", refused]


def test_calls_from_several_threads_do_not_disturb_one_another() -> None:
    def one(index: int) -> str:
        try:
            if index % 4 == 3:
                return call(subjects.crash, Order(), Answer).text
            return call(subjects.large_result, Order(size=index), Answer).text
        except ReaderDiedError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(16)))
    expected = ["the reader was ended by SIGSEGV" if index % 4 == 3 else "x" * index for index in range(16)]
    assert answers == expected


def test_all_children_can_be_ended_at_once() -> None:
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(call, subjects.sleep, Order(), Answer) for _ in range(2)]
        deadline = time.monotonic() + 20
        while not all(future.done() for future in waiting) and time.monotonic() < deadline:
            end_all()
            time.sleep(0.05)
        for future in waiting:
            with pytest.raises(ReaderDiedError, match="SIGKILL"):
                future.result()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def pid_in(path: Path) -> int:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text("ascii")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return int(path.read_text("ascii"))


@linux
def test_the_interrupt_key_ends_the_child(tmp_path: Path) -> None:
    order = Order(path=tmp_path / "pid")
    interrupt = threading.Thread(target=lambda: (pid_in(order.path), os.kill(os.getpid(), signal.SIGINT)))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        call(subjects.sleep_and_tell, order, Answer)
    interrupt.join()
    assert wait_until_dead(pid_in(order.path))


@linux
@pytest.mark.parametrize("function", ["sleep_and_tell", "hold_the_interpreter"])
def test_no_child_outlives_a_program_that_is_killed(function: str, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "import sandbox_subjects as s\n"
        "from firsthand.sandbox.call import call\n"
        f"call(s.{function}, s.Order(path=pathlib.Path(sys.argv[2])), s.Answer)\n"
    )
    told = tmp_path / "pid"
    command = [sys.executable, "-c", script, str(Path(__file__).parent), str(told)]
    with subprocess.Popen(command) as program:  # noqa: S603
        child = pid_in(told)
        assert is_alive(child)
        program.kill()
    assert wait_until_dead(child)


@linux
def test_a_script_without_the_usual_guard_can_call(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import sandbox_subjects as s\n"
        "from firsthand.sandbox.call import call\n"
        "print(call(s.thread_stack, s.Order(), s.Answer).text)\n"
    )
    command = [sys.executable, str(script), str(Path(__file__).parent)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert (ran.stdout, ran.stderr) == ("[0, 1, 2, 3]\n", "")


def test_functions_that_a_child_cannot_import_are_refused() -> None:
    with pytest.raises(ValueError, match="import by name"):
        call(lambda request, _: request, Order(), Order)


@pytest.mark.parametrize("name", ["memory_bytes", "cpu_seconds", "wall_seconds", "open_files"])
def test_limits_of_nothing_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})
