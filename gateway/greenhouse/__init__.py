"""Greenhouse's side door: it lists our jobs as tests, sends them to candidates, and asks how those ended."""
