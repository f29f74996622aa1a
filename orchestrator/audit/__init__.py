"""What was done to a session and seen of it."""
