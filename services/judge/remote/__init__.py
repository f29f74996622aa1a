"""Models and translators behind HTTP."""
