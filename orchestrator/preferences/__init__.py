"""What an organisation has settled for itself: its policy and how long results are kept."""
