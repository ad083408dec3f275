"""Which archived pictures are like those of a query, picture by picture, whatever one item holds many of."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from firsthand.model.neighbours import Located
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.index import DescriptorIndex

NEIGHBOURS = 96
PICTURES_OF_ITEM = 24
"""Archived pictures of one item that one query picture may vote for."""
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of a query's picture and an archived one.

    Attributes:
        forms: intp, shape (n,), the form of the query.
        pictures: intp, shape (n,), its picture.
        located: what the archived ones are.
        similarities: float64, shape (n,), above the method's candidate similarity.
    """

    forms: npt.NDArray[np.intp]
    pictures: npt.NDArray[np.intp]
    located: Located
    similarities: npt.NDArray[np.float64]


def alike_rows(rows: Rows, descriptor: Descriptor, index: DescriptorIndex) -> Alike:
    """The pairs above the method's candidate similarity among the nearest of each picture.

    Hours of one fixed camera can be nearer to a picture of that place than all else that shows it. An item that fills
    what it may vote for with a picture is left out then, and the picture is asked for once more.
    """
    forms, pictures = (grid.ravel() for grid in np.indices(rows.described.codes.shape[:2]))
    found: list[Alike] = []
    for _ in range(_ROUNDS):
        found.append(_nearest(rows, forms, pictures, descriptor, index))
        filled = _filled(found[-1])
        if not filled.any():
            break
        crowded = found[-1].forms[filled], found[-1].pictures[filled]
        index = index.without(frozenset(found[-1].located.items[filled].tolist()))
        forms, pictures = np.unique(np.stack(crowded), axis=1)
        if not index.size:
            break
    return _joined(found)


def _nearest(
    rows: Rows,
    forms: npt.NDArray[np.intp],
    pictures: npt.NDArray[np.intp],
    descriptor: Descriptor,
    index: DescriptorIndex,
) -> Alike:
    near = index.nearest(rows.described.codes[forms, pictures], NEIGHBOURS).rows
    asked, _ = np.nonzero(near >= 0)
    located = index.locate(near[near >= 0])
    similarities = descriptor.similarity(rows.described, forms[asked], pictures[asked], located.codes, located.vectors)
    keep = np.flatnonzero(similarities >= descriptor.candidate_similarity)
    return Alike(forms[asked][keep], pictures[asked][keep], _where(located, keep), similarities[keep])


def _filled(found: Alike) -> npt.NDArray[np.bool_]:
    """The pairs of a picture with an item that holds as many of its neighbours as it may vote for, or more."""
    groups = np.stack([found.forms, found.pictures, found.located.items])
    _, group, counts = np.unique(groups, axis=1, return_inverse=True, return_counts=True)
    return np.asarray(counts[group.ravel()] >= PICTURES_OF_ITEM, np.bool_)


def _where(located: Located, keep: npt.NDArray[np.intp]) -> Located:
    return Located(**{one.name: getattr(located, one.name)[keep] for one in fields(Located)})


def _joined(found: list[Alike]) -> Alike:
    if len(found) == 1:
        return found[0]
    located = {one.name: np.concatenate([getattr(part.located, one.name) for part in found]) for one in fields(Located)}
    return Alike(
        np.concatenate([part.forms for part in found]),
        np.concatenate([part.pictures for part in found]),
        Located(**located),
        np.concatenate([part.similarities for part in found]),
    )
