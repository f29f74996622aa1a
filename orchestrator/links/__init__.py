"""Candidates' links, as far as they must be known to be listed and revoked."""
