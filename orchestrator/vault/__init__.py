"""Data keys: what sessions, uploads and consents are encrypted with in the object store."""
