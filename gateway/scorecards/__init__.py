"""Scorecards: how people rate sessions, each by themselves, and how far they agree."""
