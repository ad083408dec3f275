"""Which model, and how many pictures a second, find most for their cost."""
