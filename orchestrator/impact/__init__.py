"""Adverse impact: group data that candidates give of their own accord, and what decisions and scores do by group."""
