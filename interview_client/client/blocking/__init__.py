# Generated from ../asynchronous/ by `make generate`. Never edited.
from interview_client.client.blocking.client import InterviewClient

__all__ = ["InterviewClient"]
