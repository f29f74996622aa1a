from interview_client.client.asynchronous.client import AsyncInterviewClient

__all__ = ["AsyncInterviewClient"]
