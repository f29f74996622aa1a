"""Answers that are nearly another candidate's."""
