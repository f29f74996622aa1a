"""Hugging Face inference, through huggingface_hub."""

from __future__ import annotations

import json
from typing import Any

import httpx2  # what huggingface_hub speaks HTTP with; its errors come through
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError

from servicekit.wire import Model
from services.judge.model import BackendError
from services.judge.remote.server import refusal
from services.judge.settings import Settings


class HuggingFace:
    """An `Endpoint`: a provider that Hugging Face chooses, or an inference endpoint of one's own."""

    name = "huggingface"

    def __init__(self, settings: Settings) -> None:
        """Open no connection yet."""
        self.model = Model(settings.huggingface_model, "unreported", runtime="huggingface inference", device="remote")
        self._client = AsyncInferenceClient(
            model=None if settings.huggingface_url else self.model.name,
            base_url=settings.huggingface_url or None,
            # Never the hub's own token from the environment: this one was given for candidates' words.
            api_key=settings.huggingface_token.get_secret_value() or "none",
            timeout=settings.timeout_s,
        )

    async def send(self, body: dict[str, Any]) -> Any:
        try:
            found = await self._client.chat_completion(model=self.model.name, **body)
        except (InferenceTimeoutError, TimeoutError) as error:
            raise BackendError("it did not answer in time") from error
        except HfHubHTTPError as error:
            raise refusal(error.response.status_code, error.response.headers.get("retry-after")) from error
        except (json.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
            raise BackendError("its reply is not a chat completion", broken_output=True) from error
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise BackendError(f"it cannot be asked ({type(error).__name__})", retry_after_s=0.0) from error
        return json.loads(json.dumps(found))

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]
