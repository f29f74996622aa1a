"""Rating and translating by asking a language model."""
