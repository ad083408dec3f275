"""firsthand: a self-hosted, offline verification desk."""

__version__ = "0.1.0"
