"""Examples at the end of a command's help."""


def examples(*commands: str) -> str:
    """The text for `epilog`: one command a line, never wrapped."""
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])
