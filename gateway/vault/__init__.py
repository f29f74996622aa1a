"""Data keys of what the gateway writes and reads in the object store."""
