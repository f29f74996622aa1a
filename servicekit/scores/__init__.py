"""Scores of 100."""
