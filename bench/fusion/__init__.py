"""Findings, verdicts and false alarms on sessions whose truth is known."""
