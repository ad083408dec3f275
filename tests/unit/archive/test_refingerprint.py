import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firsthand.archive.open import open_holdings
from firsthand.archive.outcome import Refused
from firsthand.archive.refingerprint import Method, Redescribed, Work, refingerprint, waiting
from firsthand.archive.remove import remove
from firsthand.errors import OriginalLostError, UnreadableMediaError
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Keep
from firsthand.store.layout import Layout

type Clip = Callable[..., str]
type Put = Callable[..., list[Any]]
NEW = Method("fake/2", "sha256:new")


@dataclass(slots=True)
class FakeDescriber:
    """Describes any bytes but those that say `bad`; `meanwhile` runs before an answer."""

    model: str | None = NEW.model
    described: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, path: Path, *, on_progress: Callable[[float], None]) -> Fingerprint:
        on_progress(0.5)
        if b"bad" in path.read_bytes():
            raise UnreadableMediaError(f"{path.name} is broken")
        self.meanwhile()
        self.described.append(path.name)
        codes, boxes = np.full((2, 4), 7, np.uint8), np.zeros((2, 4), np.float32)
        return Fingerprint(NEW.name, self.model, np.arange(2.0), boxes, codes, np.zeros((2, 3), np.int8))


def run(layout: Layout, describer: FakeDescriber, method: Method = NEW) -> list[Redescribed | Refused]:
    return list(refingerprint(layout, waiting(layout, method), Work(method, describer)))


def items_by(layout: Layout, method: str, lacking: tuple[str, ...] = ()) -> list[int]:
    with open_holdings(layout) as holdings:
        index = holdings.index(method, lacking=lacking)
        return [] if index is None else list(index.stretches.items.tolist())


def test_items_get_the_new_fingerprint_and_keep_the_old(layout: Layout, clip: Clip, put: Put) -> None:
    put(clip("a.png", b"a"), clip("b.png", b"b"))
    done = run(layout, FakeDescriber())
    assert [one.count for one in done if isinstance(one, Redescribed)] == [2, 2]
    assert items_by(layout, "fake/2") == items_by(layout, "fake/1") == [1, 2]
    assert waiting(layout, NEW) == ()


def test_a_run_that_was_killed_between_items_goes_on_where_it_was(layout: Layout, clip: Clip, put: Put) -> None:
    put(*[clip(f"{name}.png", name.encode()) for name in "abc"])
    first = FakeDescriber()
    with closing(refingerprint(layout, waiting(layout, NEW), Work(NEW, first))) as outcomes:
        assert isinstance(next(outcomes), Redescribed)
    assert items_by(layout, "fake/2") == [1]
    assert items_by(layout, "fake/1", lacking=("fake/2",)) == [2, 3]  # still found, by what they have
    second = FakeDescriber()
    assert len(run(layout, second)) == 2
    assert len(second.described) == 2
    assert items_by(layout, "fake/2") == [1, 2, 3]


def test_others_add_and_withdraw_meanwhile(layout: Layout, clip: Clip, put: Put) -> None:
    put(clip("a.png", b"a"))
    later = clip("b.png", b"b")
    run(layout, FakeDescriber(meanwhile=lambda: put(later)))
    assert items_by(layout, "fake/2") == [1]
    assert [one.item.path for one in waiting(layout, NEW)] == [later]
    list(remove(layout, [later]))
    assert waiting(layout, NEW) == ()


def test_a_fingerprint_of_an_older_model_is_replaced_and_open_readers_keep_theirs(
    layout: Layout, clip: Clip, put: Put
) -> None:
    put(clip("a.png", b"a"))
    run(layout, FakeDescriber(model="sha256:old"), Method(NEW.name, "sha256:old"))
    with open_holdings(layout) as before:
        old = before.index("fake/2")
        assert len(run(layout, FakeDescriber())) == 1
        assert old is not None
        assert old.locate(np.arange(2)).codes.tolist() == [[7] * 4] * 2
    with open_holdings(layout) as after:
        new = after.index("fake/2")
    assert new is not None
    assert (new.size, new.stretches.starts.tolist()) == (2, [2])


def test_another_process_that_was_faster_is_not_repeated(layout: Layout, clip: Clip, put: Put) -> None:
    put(clip("a.png", b"a"))
    done = run(layout, FakeDescriber(meanwhile=lambda: run(layout, FakeDescriber())))
    assert isinstance(done[0], Redescribed)
    with closing(sqlite3.connect(layout.database)) as db:
        assert db.execute("SELECT start FROM fingerprint WHERE method = 'fake/2'").fetchall() == [(0,)]


def test_a_lost_original_is_refused_and_says_what_is_left(layout: Layout, clip: Clip, put: Put) -> None:
    gone, changed, whole = clip("gone.png", b"1"), clip("changed.png", b"2"), clip("whole.png", b"3")
    put(gone, changed, whole, keep=Keep.REFERENCE)
    Path(gone).unlink()
    Path(changed).write_bytes(b"\x89PNG\r\n\x1a\nother")
    lost, other, done = run(layout, FakeDescriber())
    assert isinstance(lost, Refused)
    assert isinstance(lost.error, OriginalLostError)
    assert "only its review track is left" in lost.reason
    assert isinstance(other, Refused)
    assert "other bytes" in other.reason
    assert isinstance(done, Redescribed)
    assert items_by(layout, "fake/1") == [1, 2, 3]


def test_a_reader_that_fails_costs_its_item_alone_and_names_it(layout: Layout, clip: Clip, put: Put) -> None:
    good = clip("good.png", b"good")
    put(good)
    path = clip("odd.png", b"odd")
    put(path)
    describer = FakeDescriber()

    def broken(original: Path, *, on_progress: Callable[[float], None]) -> Fingerprint:
        if b"odd" in original.read_bytes():
            raise UnreadableMediaError(f"{original.name} is broken")
        return describer(original, on_progress=on_progress)

    done, refused = refingerprint(layout, waiting(layout, NEW), Work(NEW, broken))
    assert isinstance(done, Redescribed)
    assert isinstance(refused, Refused)
    assert str(refused.error) == "odd.png is broken"


@pytest.mark.parametrize("kind", ["sound", "page"])
def test_items_without_pictures_are_left_alone(layout: Layout, clip: Clip, put: Put, kind: str) -> None:
    put(clip("a.png", b"a"))
    with closing(sqlite3.connect(layout.database)) as db, db:
        db.execute("UPDATE item SET kind = ?", (kind,))
    assert waiting(layout, NEW) == ()
