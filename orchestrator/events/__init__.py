"""What callers' own systems are told of: written down with what happened, sent afterwards."""
