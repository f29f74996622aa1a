"""The clients. Both build the same requests and read the same answers; they differ only in how they wait."""

from interview_client.client.asynchronous import AsyncInterviewClient
from interview_client.client.blocking import InterviewClient
from interview_client.client.connection import DEFAULT_URL

__all__ = ["DEFAULT_URL", "AsyncInterviewClient", "InterviewClient"]
