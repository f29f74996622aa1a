"""An organisation's members and keys."""
