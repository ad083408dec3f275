from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from firsthand.sandbox import wire


@dataclass(frozen=True)
class Held:
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Loose:
    values: npt.NDArray[np.generic]


def forged(values: object) -> bytes:
    return msgspec.msgpack.encode({"values": values})


@given(arrays.arrays(st.sampled_from(sorted(wire.DTYPES)), arrays.array_shapes(min_dims=0, min_side=0, max_dims=4)))
def test_any_array_of_numbers_comes_through_unchanged(sent: npt.NDArray[np.generic]) -> None:
    got = wire.decode(wire.encode(Loose(sent)), Loose).values
    assert (got.dtype, got.shape, got.tobytes()) == (sent.dtype, sent.shape, sent.tobytes())


@pytest.mark.parametrize(
    "values",
    [
        ["<f8", [3], b"\0" * 16],
        ["<f8", [1 << 62, 4], b""],
        ["<f8", [-1, -2], b"\0" * 16],
        ["<f8", [1] * 9, b"\0" * 8],
        ["<f8", [True], b"\0" * 8],
        ["<f8", [1.0], b"\0" * 8],
        ["<f8", "1", b"\0" * 8],
        ["<f4", [2], b"\0" * 8],
        ["|O", [1], b"\0" * 8],
        ["|V8", [1], b"\0" * 8],
        ["<M8[s]", [1], b"\0" * 8],
        ["nonsense", [1], b"\0" * 8],
        ["<f8", [1]],
        "text",
        None,
    ],
)
def test_a_forged_array_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match="got"):
        wire.decode(forged(values), Held)


@pytest.mark.parametrize("array", [np.array([object()]), np.array(["text"]), np.zeros(1, "M8[s]")])
def test_arrays_of_anything_but_numbers_are_not_sent(array: npt.NDArray[np.generic]) -> None:
    with pytest.raises(TypeError, match="array of numbers"):
        wire.encode(array)


@pytest.mark.parametrize(("wanted", "sent"), [(Fraction, [1, 0]), (Fraction, [1, -2]), (Path, "text"), (Path, b"a\0")])
def test_forged_values_are_refused(wanted: type, sent: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        wire.decode(msgspec.msgpack.encode(sent), wanted)


def test_values_without_a_form_are_refused_on_both_sides() -> None:
    with pytest.raises(TypeError, match="can cross"):
        wire.encode(object())
