"""The report that one can publish and defend."""
