"""The clients. `blocking` is generated from `asynchronous`: a change is made there, and `make generate` follows."""

from interview_client.client.asynchronous import AsyncInterviewClient
from interview_client.client.blocking import InterviewClient
from interview_client.client.connection import DEFAULT_URL

__all__ = ["DEFAULT_URL", "AsyncInterviewClient", "InterviewClient"]
