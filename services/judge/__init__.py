"""Translates transcripts and rates answers against their question."""
