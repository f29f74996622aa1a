"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, TGI and others. Through httpx."""

from __future__ import annotations

from typing import Any

import httpx

from servicekit.wire import Model
from services.judge.model import BackendError
from services.judge.remote.server import refusal
from services.judge.settings import Settings


class OpenAICompatible:
    """An `Endpoint`."""

    name = "openai"

    def __init__(self, settings: Settings) -> None:
        """Open no connection yet."""
        key = settings.openai_key.get_secret_value()
        self.model = Model(settings.openai_model, "unreported", runtime="openai-compatible", device="remote")
        self._client = httpx.AsyncClient(
            timeout=settings.timeout_s, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        self._url = f"{settings.openai_url.rstrip('/')}/chat/completions"

    async def send(self, body: dict[str, Any]) -> Any:
        try:
            reply = await self._client.post(self._url, json={"model": self.model.name, **body})
        except httpx.TimeoutException as error:
            raise BackendError("it did not answer in time") from error
        except httpx.HTTPError as error:
            raise BackendError("it cannot be reached", retry_after_s=0.0) from error
        if reply.status_code >= 400:
            raise refusal(reply.status_code, reply.headers.get("retry-after"))
        try:
            return reply.json()
        except ValueError as error:
            raise BackendError("its reply is not JSON", broken_output=True) from error

    async def close(self) -> None:
        await self._client.aclose()
