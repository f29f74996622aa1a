"""Nearly the same answer of two candidates to one question. It is shown to people and counts nowhere."""
