"""A region of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned region as fractions of the upright picture, from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = 0 <= self.x <= 1 and 0 <= self.y <= 1 and self.width > 0 and self.height > 0
        if not (inside and self.x + self.width <= 1 + 1e-6 and self.y + self.height <= 1 + 1e-6):
            raise ValueError(f"expected a region within the picture, got {self}")

    @classmethod
    def clipped(cls, left: float, top: float, right: float, bottom: float) -> "Box | None":
        """The part of the rectangle that lies within the picture; `None` where nothing does."""
        left, top = max(0.0, left), max(0.0, top)
        right, bottom = min(1.0, right), min(1.0, bottom)
        if right - left < 1e-6 or bottom - top < 1e-6:
            return None
        return cls(left, top, right - left, bottom - top)

    @property
    def area(self) -> float:
        """Its share of the picture."""
        return self.width * self.height


WHOLE = Box(0.0, 0.0, 1.0, 1.0)
