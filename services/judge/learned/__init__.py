"""Rating by a head that was learned on the embedded model's states."""
