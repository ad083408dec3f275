"""The methods that are installed, and which of them are used."""

import os
from collections.abc import Collection

from firsthand.errors import WrongUsageError
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.pdq_descriptor import PdqDescriptor
from firsthand.recall.sscd import SscdDescriptor, is_installed

_BEST_FIRST = ("sscd", "sscd-distilled", "pdq")
SETTING = "FIRSTHAND_METHOD"
"""Environment variable: `sscd-distilled` (the default where the extra `sscd` is installed), `sscd`, or `pdq`."""


def chosen_method(setting: str | None = None) -> str:
    """The name of the method that leads: what the setting asks for, else the best that is installed.

    Raises:
        WrongUsageError: the setting names no method.
        MissingExtraError: what it names is not installed (when it is used).
    """
    name = os.environ.get(SETTING, "") if setting is None else setting
    if not name:
        return "sscd-distilled" if is_installed() else "pdq"
    if name not in _BEST_FIRST:
        raise WrongUsageError(f"expected {SETTING} to be sscd-distilled, sscd or pdq, got {name!r}")
    return name


def descriptor(name: str) -> Descriptor:
    """The method called `name` (with or without its version)."""
    match name.split("/", maxsplit=1)[0]:
        case "sscd-distilled":
            return SscdDescriptor()
        case "sscd":
            return SscdDescriptor(distilled=False)
        case "pdq":
            return PdqDescriptor()
        case _:
            raise WrongUsageError(f"expected a method that is known here, got {name!r}")


def askable_methods(leading: str, stored: Collection[str]) -> tuple[str, ...]:
    """The methods of `stored` that a query can be described by here: the leading one first, then the better ones.

    An archive holds several generations of fingerprints while it is described anew, or where a model was not always
    installed. What an older version of a method has made can't be asked for: its descriptors compare with no others.

    Args:
        leading: name and version of the method that leads.
        stored: names and versions of what the archive holds.
    """
    names = [name for name in _BEST_FIRST if name == "pdq" or is_installed()]
    here = [descriptor(name).method for name in names]
    return tuple(method for method in dict.fromkeys([leading, *here]) if method in stored)


def stored_methods(leading: str) -> tuple[str, ...]:
    """What an archived item is described by: the leading method, and PDQ, so that the archive works without a model."""
    return (leading,) if leading == "pdq" else (leading, "pdq")
