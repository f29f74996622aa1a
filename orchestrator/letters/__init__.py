"""Letters to candidates: composed of what was measured, read and sent by a person."""
