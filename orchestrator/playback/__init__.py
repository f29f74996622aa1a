"""Recordings that are kept to be played beside their transcript: a small copy, made once, gone at its time."""
