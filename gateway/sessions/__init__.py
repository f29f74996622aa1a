"""Sessions: where they stand, what came out, who is on the list."""
