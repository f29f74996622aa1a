"""Measurements of the vision service on made clips with known truth, and on real ones where there are any."""
