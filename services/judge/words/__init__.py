"""What is said to people, and what is read of texts without a model."""
