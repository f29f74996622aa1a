"""What was said, as captions and as text."""
