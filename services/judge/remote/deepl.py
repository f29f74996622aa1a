"""DeepL, through its own package."""

from __future__ import annotations

import asyncio
import importlib.metadata

import deepl

from servicekit.wire import Model
from services.judge.model import BackendError, Translation, TranslationInput, Work
from services.judge.settings import Settings
from services.judge.words.chunks import passages
from services.judge.words.languages import copied

TARGETS = {"en": "EN-US", "id": "ID"}
PASSAGE_WORDS = 400
"""With at most `LETTERS_A_WORD` characters a word: under 5,000 characters, cut at the end of a sentence."""

NETWORK_TRIES = 1
"""The package's own five tries with pauses up to two minutes are longer than the next backend takes."""


class DeepL:
    """A `Translator`."""

    name = "deepl"

    def __init__(self, settings: Settings) -> None:
        """Open no connection yet."""
        key, url = settings.deepl_key.get_secret_value(), settings.deepl_url
        deepl.http_client.max_network_retries = NETWORK_TRIES
        deepl.http_client.min_connection_timeout = settings.timeout_s
        self._client = deepl.DeepLClient(key, server_url=url or None, send_platform_info=False)
        self._model = Model("deepl", f"package {importlib.metadata.version('deepl')}", runtime="deepl", device="remote")

    async def load(self) -> None:
        pass  # a server that is down now may be up later

    async def close(self) -> None:
        """Close connections."""
        await asyncio.to_thread(self._client.close)

    async def translate(self, request: TranslationInput) -> Translation:
        found = [await self._piece(text, request) if new else text for text, new in request.pieces]
        return Translation(" ".join(found), "full", Work(self.name, self._model))

    async def _piece(self, text: str, request: TranslationInput) -> str:
        found = await asyncio.to_thread(self._translate, text, request)
        if not found or copied(text, found):
            raise BackendError("it returned the text untranslated", broken_output=True, request_bound=True)
        return found

    def _translate(self, text: str, request: TranslationInput) -> str:
        parts = passages(text, PASSAGE_WORDS)
        try:
            return " ".join(self._passage(part, request) for part in parts).strip()
        except deepl.QuotaExceededException as error:
            raise BackendError("its quota is used up (HTTP 456)") from error
        except deepl.AuthorizationException as error:
            raise BackendError("it refused the key (HTTP 403)") from error
        except deepl.TooManyRequestsException as error:
            raise BackendError("it is busy (HTTP 429)") from error
        except deepl.ConnectionException as error:
            raise BackendError("it cannot be reached or did not answer in time") from error
        except deepl.DeepLException as error:
            raise BackendError(f"it failed (HTTP {error.http_status_code})") from error
        except (
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
        ) as error:  # the package's own reading of a malformed reply
            raise BackendError("its reply is not a translation", broken_output=True) from error

    def _passage(self, text: str, request: TranslationInput) -> str:
        found = self._client.translate_text(
            text, source_lang=request.source.upper(), target_lang=TARGETS[request.target]
        )
        return found.text if isinstance(found, deepl.TextResult) else " ".join(f.text for f in found)
