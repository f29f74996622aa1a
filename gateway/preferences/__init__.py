"""What an organisation has settled for itself, and its secrets."""
