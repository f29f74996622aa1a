"""News for callers' own systems."""
