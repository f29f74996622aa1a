"""Scorecards: how people rate sessions by their rubric, each by themselves, and how far they agree."""
