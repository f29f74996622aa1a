"""Invitations to jobs: from a list of candidates to mails and links."""
