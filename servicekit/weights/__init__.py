"""Model weights: what they are called, where they come from, and that they are what they should be."""
