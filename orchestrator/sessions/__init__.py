"""Sessions, their answers and stages: rows, states and calls."""
