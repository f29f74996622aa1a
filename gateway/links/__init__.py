"""Candidates' links."""
