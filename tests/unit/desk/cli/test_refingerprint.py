import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthand.recall.sscd import is_installed


def test_items_that_pdq_alone_has_described_are_found_and_described_anew_after_a_kill(
    firsthand: Callable[..., Any], picture: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_installed():
        pytest.skip("needs the extra sscd")
    monkeypatch.setenv("FIRSTHAND_METHOD", "pdq")
    names = [picture(f"clips/{seed}.png", seed) for seed in range(6)]
    assert firsthand("add", "clips", "--quiet").code == 0
    monkeypatch.setenv("FIRSTHAND_METHOD", "sscd-distilled")
    before = firsthand("match", names[0], "--json").document
    assert before["searched"]["methods"] == ["pdq/1"]
    assert [match["path"] for match in before["queries"][0]["matches"]] == [names[0]]

    environment = {**os.environ, "FIRSTHAND_ARCHIVE": str(tmp_path / "archive")}
    command = [sys.executable, "-m", "firsthand", "archive", "refingerprint"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        assert "described" in running.stdout.readline()
        running.send_signal(signal.SIGKILL)

    between = firsthand("match", names[0], names[5], "--json").document
    assert between["searched"]["methods"] == ["sscd-distilled/1", "pdq/1"]
    assert [[match["path"] for match in one["matches"]] for one in between["queries"]] == [[names[0]], [names[5]]]
    rest = firsthand("archive", "refingerprint", "--json").document
    assert (rest["method"], rest["left"], rest["errors"]) == ("sscd-distilled/1", 0, [])
    assert 1 <= len(rest["items"]) <= 5
    assert firsthand("match", names[5], "--json").document["searched"]["methods"] == ["sscd-distilled/1"]
    assert firsthand("archive", "refingerprint").out == "0 items described by sscd-distilled/1.\n"


def test_without_an_archive_there_is_nothing_to_describe(firsthand: Callable[..., Any]) -> None:
    ended = firsthand("archive", "refingerprint", "--method", "pdq", "--json")
    assert ended.code == 3
    assert json.loads(ended.out)["errors"][0]["error"] == "archive-missing"
