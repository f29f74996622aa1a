"""The log of webhooks."""
