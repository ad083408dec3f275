"""What each method is known not to see, for people."""

_LIMITS = {
    "sscd": (
        "A learned description of whole pictures and large regions. It can pass over footage that is shown very small, "
        "cut down to a detail or filmed from a screen at an angle, and it can take two recordings of one place from "
        "nearly the same spot for the same footage."
    ),
    "pdq": (
        "A short code of the coarse light and dark of a picture. It passes over most crops, insets and heavy captions, "
        "and says little about pictures with few contrasts."
    ),
    "local": (
        "Agreement of small details under one geometry. It needs sharp, textured pictures: footage that is dark, "
        "smooth, blurred or very small can be passed over."
    ),
    "landmarks": (
        "Peaks in the sound's spectrum. One piece of music, a broadcast or a siren can be in two recordings of "
        "different events; speech under loud music can be passed over."
    ),
}
_UNKNOWN = "Its limits are not described here; the documentation of the program that made this page names the method."


def limits_of(method: str) -> str:
    """The limits of a method named such as `sscd/1`."""
    family = method.partition("/")[0].lower()
    return next((words for prefix, words in _LIMITS.items() if family.startswith(prefix)), _UNKNOWN)
