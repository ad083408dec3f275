"""Descriptors, candidates, alignment, verification, calibrated confidence."""
