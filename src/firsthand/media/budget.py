"""How much of a medium is read at most."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds that a file cannot talk its way out of.

    Attributes:
        video_frame_pixels: pixels of one frame of video.
        still_pixels: pixels of a still image.
        frames: decoded frames of one file.
        total_pixels: decoded pixels of one file; 4e12 are eleven hours of 1080p at 50 frames a second.
        streams: streams of one file.
    """

    video_frame_pixels: int = 64_000_000
    still_pixels: int = 120_000_000
    frames: int = 4_000_000
    total_pixels: int = 4_000_000_000_000
    streams: int = 64
