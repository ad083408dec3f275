"""Values as bytes between the program and a child that it does not trust.

MessagePack by msgspec, typed at the receiving end; never pickle. What msgspec does not know crosses like this:
arrays as `[dtype, shape, bytes]`, paths as the bytes of their name, fractions as `[numerator, denominator]`.
"""

import math
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import numpy as np

DTYPES = frozenset(
    np.dtype(name).str for name in ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16")
)
"""The element types that arrays may have; none of them refers to memory outside the array."""

_MAX_DIMENSIONS = 8
_LONGEST_SIDE = 1 << 40


def encode(value: object) -> bytes:
    """`value` as MessagePack.

    Raises:
        TypeError: something in it has no form on the wire.
    """
    return msgspec.msgpack.encode(value, enc_hook=_unbuilt)


def decode[Value](data: bytes | memoryview, wanted: type[Value]) -> Value:
    """The value of type `wanted` in `data`; arrays in it are read-only.

    Raises:
        ValueError: the bytes are not such a value (`msgspec.ValidationError` is one).
    """
    try:
        return msgspec.msgpack.decode(data, type=wanted, dec_hook=_built)
    except (msgspec.MsgspecError, RecursionError, OverflowError) as error:
        raise ValueError(f"expected {getattr(wanted, '__name__', wanted)}, got something else: {error}") from error


def _unbuilt(value: object) -> object:
    if isinstance(value, np.ndarray):
        if value.dtype.str not in DTYPES:
            raise TypeError(f"expected an array of numbers, got {value.dtype}")
        return [value.dtype.str, list(value.shape), np.ascontiguousarray(value).data.cast("B") if value.size else b""]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return os.fsencode(value)
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    raise TypeError(f"expected a value that can cross, got {type(value).__name__}")


def _built(wanted: Any, sent: object) -> object:  # noqa: ANN401 - a type or a generic alias, as msgspec hands it over
    builder = _BUILDERS.get(get_origin(wanted) or wanted)
    if builder is None:
        raise NotImplementedError(f"no form on the wire for {wanted}")
    return builder(wanted, sent)


def _array(wanted: object, sent: object) -> np.ndarray[Any, np.dtype[Any]]:
    match sent:
        case [str(code), list(sizes), bytes(data)] if code in DTYPES:
            dtype, shape = np.dtype(code), _shape(sizes)
        case _:
            raise ValueError("expected an array as dtype, shape and bytes")
    if math.prod(shape) * dtype.itemsize != len(data):
        raise ValueError(f"expected {shape} elements of {dtype}, got {len(data)} bytes")
    annotated = _annotated_dtype(wanted)
    if annotated is not None and annotated != dtype:
        raise ValueError(f"expected an array of {annotated}, got {dtype}")
    return np.frombuffer(data, dtype=dtype).reshape(shape)


def _shape(sizes: list[object]) -> list[int]:
    shape = [size for size in sizes if type(size) is int and 0 <= size < _LONGEST_SIDE]
    if len(shape) != len(sizes) or len(shape) > _MAX_DIMENSIONS:
        raise ValueError(f"expected at most {_MAX_DIMENSIONS} sizes of an array, got {sizes[:_MAX_DIMENSIONS]}")
    return shape


def _annotated_dtype(wanted: object) -> np.dtype[Any] | None:
    """The element type that an annotation such as `NDArray[np.float64]` asks for."""
    arguments = get_args(wanted)
    scalars = get_args(arguments[1]) if len(arguments) > 1 else ()
    concrete = scalars and isinstance(scalars[0], type) and issubclass(scalars[0], np.generic)
    if not concrete or scalars[0] in (np.generic, np.number, np.integer, np.floating):
        return None
    dtype: np.dtype[Any] = np.dtype(scalars[0])
    return dtype


def _path(_: object, sent: object) -> Path:
    if not isinstance(sent, bytes) or b"\0" in sent:
        raise ValueError("expected the bytes of a path")
    return Path(os.fsdecode(sent))


def _fraction(_: object, sent: object) -> Fraction:
    match sent:
        case [int(numerator), int(denominator)] if denominator > 0:
            return Fraction(numerator, denominator)
        case _:
            raise ValueError("expected a numerator and a positive denominator")


_BUILDERS: dict[object, Callable[[object, object], object]] = {np.ndarray: _array, Path: _path, Fraction: _fraction}
