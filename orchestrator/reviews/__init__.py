"""Decisions of people, objections, and the audit."""
