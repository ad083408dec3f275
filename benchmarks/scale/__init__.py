"""How search holds up as the archive grows: `python -m benchmarks.scale`."""
