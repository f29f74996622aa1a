"""Moments that a person should look at, by what they are found in, and who differs from the session's other answers."""
