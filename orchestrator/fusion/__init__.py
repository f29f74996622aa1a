"""Pure functions from evidence to the result: findings, verdicts, scores, the compatible JSON."""
