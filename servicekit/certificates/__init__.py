"""Mutual TLS: certificates, their rotation, and what a name in one may call."""
