import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthand.archive.crew import in_order
from firsthand.archive.listing import list_items
from firsthand.archive.outcome import Refused
from firsthand.archive.place import archive_place
from firsthand.archive.remove import Withdrawn, remove
from firsthand.archive.show import show
from firsthand.archive.stats import stats
from firsthand.errors import ArchiveMissingError, UnknownItemError
from firsthand.store.layout import Layout

type Clip = Callable[..., str]
type Put = Callable[..., list[Any]]


def test_the_archive_named_comes_before_the_environments_before_the_platforms() -> None:
    environment = {"FIRSTHAND_ARCHIVE": "/from/environment"}
    assert archive_place(Path("/named"), environment).folder == Path("/named")
    assert archive_place(None, environment).folder == Path("/from/environment")
    assert archive_place(None, {"FIRSTHAND_ARCHIVE": ""}).folder.parts[-2:] == ("firsthand", "archive")


def test_an_item_is_meant_by_its_path_or_the_start_of_its_digest(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip()
    (done,) = put(path)
    digits = done.item.digest.hex
    for name in (path, path.replace("clip", "./clip"), f"sha256:{digits}", f"sha256:{digits[:6]}", digits[:7].upper()):
        assert show(layout, name).item == done.item


@pytest.mark.parametrize("name", ["nowhere.png", "sha256:00000", "sha256:", "zzzzzz", ""])
def test_an_item_that_nothing_names_is_unknown(layout: Layout, clip: Clip, put: Put, name: str) -> None:
    put(clip())
    with pytest.raises(UnknownItemError, match="no such item"):
        show(layout, name)


def test_five_digits_are_too_few_to_name_an_item(layout: Layout, clip: Clip, put: Put) -> None:
    (done,) = put(clip())
    with pytest.raises(UnknownItemError):
        show(layout, str(done.item.digest)[: len("sha256:") + 5])


def test_a_path_that_means_two_items_is_refused_with_both(layout: Layout, clip: Clip, put: Put) -> None:
    first, second = (put(clip(data=data))[0].item.digest for data in (b"old", b"new"))
    with pytest.raises(UnknownItemError, match="2 items are meant") as told:
        show(layout, clip())
    assert first.hex[:12] in str(told.value)
    assert second.hex[:12] in str(told.value)


def test_items_are_withdrawn_in_the_order_named_and_the_rest_is_done(layout: Layout, clip: Clip, put: Put) -> None:
    first, second = clip("a.png", b"a"), clip("b.png", b"b")
    put(first, second)
    done = [*remove(layout, [second, "nowhere", second, first])]
    assert [type(one) for one in done] == [Withdrawn, Refused, Refused, Withdrawn]
    assert list_items(layout) == ()
    assert len([path for path in layout.originals.rglob("*") if path.is_file()]) == 2


def test_nothing_is_withdrawn_from_an_archive_that_is_not_there(layout: Layout) -> None:
    with pytest.raises(ArchiveMissingError):
        list(remove(layout, ["x"]))
    assert not layout.folder.exists()


def test_stats_sum_up_what_is_live(layout: Layout, clip: Clip, put: Put) -> None:
    put(clip("a.png", b"a"), clip("b.png", b"b"), collection="odesa")
    list(remove(layout, [clip("b.png", b"b")]))
    found = stats(layout)
    assert (found.totals.items, found.totals.hours, found.kinds, found.withdrawn) == (1, 1.0, {"video": 1}, 1)
    assert [(one.method, one.count) for one in found.methods] == [("fake/1", 1)]
    assert found.collections == {"odesa": 1}
    assert found.disk_bytes > found.totals.size_bytes


def test_results_come_in_order_though_later_ones_are_done_first() -> None:
    first = threading.Event()

    def work(task: int) -> int:
        if task == 0:
            assert first.wait(10)
        elif task == 1:
            first.set()
        return task * task

    assert [*in_order(range(30), work, lambda: None)] == [task * task for task in range(30)]


def test_what_a_task_raises_ends_the_rest() -> None:
    begun: list[int] = []

    def work(task: int) -> int:
        begun.append(task)
        if task == 3:
            raise KeyError(task)
        return task

    with pytest.raises(KeyError):
        list(in_order(range(1000), work, lambda: None))
    assert len(begun) < 30
