"""Voices, speech and sound quality."""
