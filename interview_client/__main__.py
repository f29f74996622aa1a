"""`python -m interview_client`: the same as the `interview` command."""

from interview_client.cli import app

app()
