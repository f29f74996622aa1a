"""Invitations to jobs: who was invited, how far they are, and what they are asked."""
