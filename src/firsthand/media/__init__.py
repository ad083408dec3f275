"""The only place that decodes media."""
