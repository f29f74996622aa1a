"""Recordings as people make them, with right values: what is read of each, and what is not."""
