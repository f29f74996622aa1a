"""Faces, eyes and head over time: physical measures only."""
