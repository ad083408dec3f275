"""Rows, descriptors and originals, durably kept."""
