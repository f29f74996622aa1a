"""Voices: how many there are, and who speaks when."""
