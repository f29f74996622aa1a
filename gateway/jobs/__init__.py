"""Jobs: what candidates are asked."""
