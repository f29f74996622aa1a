"""The chain: every entry carries the hash of the one before, and signed heads say how long it was."""
