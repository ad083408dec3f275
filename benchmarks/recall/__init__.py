"""Recall measured: queries with known truth, `firsthand` and its peers on the same files in the same run."""
