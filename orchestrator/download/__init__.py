"""Recordings from the internet."""
