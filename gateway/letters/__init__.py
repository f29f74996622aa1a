"""Letters to candidates: drafted from the evidence, read, changed and sent by a person."""
