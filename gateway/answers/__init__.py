"""Answers and findings of a session, while it runs and afterwards."""
