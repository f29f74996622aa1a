"""The policies and rubrics that a session can name."""
