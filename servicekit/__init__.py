"""What every service of the system shares, and nothing of any modality."""
