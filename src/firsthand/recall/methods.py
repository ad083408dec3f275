"""The methods that are installed, and which of them are used."""

import os

from firsthand.errors import WrongUsageError
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.pdq_descriptor import PdqDescriptor
from firsthand.recall.sscd import SscdDescriptor, is_installed

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
    if name not in ("sscd-distilled", "sscd", "pdq"):
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


def stored_methods(leading: str) -> tuple[str, ...]:
    """What an archived item is described by: the leading method, and PDQ, so that the archive works without a model."""
    return (leading,) if leading == "pdq" else (leading, "pdq")
