"""An answer in the other language."""
