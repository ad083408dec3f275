"""The whole way: from an archive of made clips to what is said of a query."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from firsthand.desk.documents.check import CheckDocument
from firsthand.desk.documents.match import MatchDocument
from firsthand.media.write import VideoWriter

Pixels = npt.NDArray[np.uint8]
RATE = 12
SIZE = (256, 144)


def world(place: int, paths: int) -> Callable[[float], Pixels]:
    """A fixed camera on a textured place in which textured things move; two takes differ in `paths`."""
    rng = np.random.default_rng(place)
    ground = cv2.resize(rng.integers(0, 256, (24, 40, 3), np.uint8), (400, 240), interpolation=cv2.INTER_CUBIC)
    for _ in range(90):
        x, y = int(rng.integers(0, 400)), int(rng.integers(0, 240))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        cv2.rectangle(ground, (x, y), (x + int(rng.integers(4, 18)), y + int(rng.integers(4, 14))), colour, -1)
    moving = np.random.default_rng(paths)
    things = [
        (moving.integers(0, 256, (26, 26, 3), np.uint8), moving.uniform(0, 6, 2), moving.uniform(0.5, 2, 2))
        for _ in range(5)
    ]

    def at(time: float) -> Pixels:
        picture = ground.copy()
        for pattern, phase, speed in things:
            x, y = ((np.sin(phase + speed * time) + 1) / 2 * (330, 180)).astype(int)
            picture[y + 20 : y + 46, x + 20 : x + 46] = pattern
        return np.ascontiguousarray(picture[40 : 40 + SIZE[1], 60 : 60 + SIZE[0]])

    return at


def film(path: Path, at: Callable[[float], Pixels], start: float, seconds: float) -> Path:
    height, width = at(start).shape[:2]
    with VideoWriter(path, width, height, RATE) as writer:
        for index in range(round(seconds * RATE)):
            writer.write(at(start + index / RATE))
    return path


def firsthand(*arguments: str, method: str = "") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "FIRSTHAND_METHOD": method}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "firsthand", *arguments], capture_output=True, check=False, env=environment
    )


def asked(archive: Path, *paths: Path, method: str = "") -> MatchDocument:
    answer = firsthand("match", *map(str, paths), "--archive", str(archive), "--json", method=method)
    return msgspec.json.decode(answer.stdout, type=MatchDocument, strict=True)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for seed in (1, 2, 3):
        film(folder / f"clip{seed}.mp4", world(seed, 10 + seed), 0.0, 6.0)
    film(folder / "flat.mp4", lambda _: np.full((*SIZE[::-1], 3), 128, np.uint8), 0.0, 2.0)
    place = folder / "archive"
    assert firsthand("add", str(folder), "--archive", str(place), "--quiet").returncode == 0
    return place


def test_an_excerpt_is_found_where_it_lies_and_nowhere_else(archive: Path, tmp_path: Path) -> None:
    query = film(tmp_path / "q.mp4", world(2, 12), 1.5, 3.0)
    (one,) = asked(archive, query).queries
    (match,) = one.matches
    assert match.path.endswith("clip2.mp4")
    (segment,) = match.segments
    assert segment.archive == pytest.approx((1.5, 4.5), abs=0.25)
    assert segment.rate == pytest.approx(1.0, abs=0.02)
    assert not segment.mirrored
    assert segment.evidence


def test_a_mirrored_copy_inside_another_picture_is_found_with_its_region(archive: Path, tmp_path: Path) -> None:
    inner, host = world(1, 11), world(8, 18)

    def composed(time: float) -> Pixels:
        canvas = cv2.resize(host(time), (512, 288))
        canvas[20:164, 230:486] = inner(time)[:, ::-1]
        return np.asarray(canvas, np.uint8)

    (one,) = asked(archive, film(tmp_path / "q.mp4", composed, 1.0, 4.0)).queries
    (match,) = one.matches
    assert match.path.endswith("clip1.mp4")
    segment = match.segments[0]
    assert segment.mirrored
    assert segment.archive == pytest.approx((1.0, 5.0), abs=0.3)
    assert segment.query_box == pytest.approx((230 / 512, 20 / 288, 0.5, 0.5), abs=0.05)


def test_unrelated_footage_and_another_take_of_the_same_place_are_not_matched(archive: Path, tmp_path: Path) -> None:
    fresh = film(tmp_path / "fresh.mp4", world(9, 19), 0.0, 3.0)
    retake = film(tmp_path / "retake.mp4", world(3, 77), 0.0, 3.0)
    document = asked(archive, fresh, retake)
    assert [len(one.matches) for one in document.queries] == [0, 0]
    said = firsthand("match", str(fresh), "--archive", str(archive)).stdout.decode()
    assert "this does not show that the clip is new" in said


def test_the_floor_finds_a_plain_copy_without_a_model(archive: Path, tmp_path: Path) -> None:
    query = film(tmp_path / "q.mp4", world(3, 13), 2.0, 3.0)
    document = asked(archive, query, method="pdq")
    assert document.searched.methods == ["pdq/1"]
    assert [match.path.rsplit("/", 1)[-1] for match in document.queries[0].matches] == ["clip3.mp4"]


def test_the_same_bytes_are_listed_where_no_picture_can_be_compared(archive: Path) -> None:
    (one,) = asked(archive, archive.parent / "flat.mp4").queries
    assert [match.segments[0].method for match in one.matches] == ["sha256/1"]
    assert one.not_searched


def test_a_missing_path_costs_itself_alone(archive: Path, tmp_path: Path) -> None:
    answer = firsthand(
        "check", str(tmp_path / "none.mp4"), str(archive.parent / "clip1.mp4"), "--archive", str(archive), "--json"
    )
    assert answer.returncode == 1
    document = msgspec.json.decode(answer.stdout, type=CheckDocument, strict=True)
    assert [problem.error for problem in document.errors] == ["missing-path"]
    assert len(document.things) == 1


def test_a_report_is_written_blurred_and_clear_only_when_asked(archive: Path, tmp_path: Path) -> None:
    clip, page = archive.parent / "clip1.mp4", tmp_path / "r.html"
    sizes = []
    for extra in ((), ("--unredacted",)):
        assert firsthand("check", str(clip), "--archive", str(archive), "--report", str(page), *extra).returncode == 0
        sizes.append(page.stat().st_size)
    assert sizes[0] < 0.6 * sizes[1]  # blurred pictures hold less
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.html"]


def test_no_archive_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    clip = film(tmp_path / "c.mp4", world(5, 15), 0.0, 1.0)
    missing = firsthand("match", str(clip), "--archive", str(tmp_path / "none"), "--json")
    assert missing.returncode == 3
    assert json.loads(missing.stdout)["errors"][0]["error"] == "archive-missing"
    place = tmp_path / "a"
    firsthand("add", str(clip), "--archive", str(place), "--quiet")
    firsthand("archive", "rm", str(clip), "--archive", str(place))
    said = firsthand("match", str(clip), "--archive", str(place))
    assert said.returncode == 0
    assert "The archive holds 0 hours, so nothing could be compared." in said.stdout.decode()
