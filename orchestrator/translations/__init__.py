"""Translations of published sessions."""
