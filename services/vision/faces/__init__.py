"""Faces: found, measured, told apart."""
