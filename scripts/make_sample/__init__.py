"""Makes the sample interview: a warped public-domain portrait that speaks with a synthetic voice."""
