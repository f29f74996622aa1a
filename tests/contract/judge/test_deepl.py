"""Translation by DeepL, against a real HTTP server on loopback."""

from __future__ import annotations

import pytest

from services.judge.backends import build
from services.judge.settings import Settings
from tests.contract.fakes.judge_servers import TRANSLATED, Reply, large_model, remote
from tests.contract.judge.test_backends import SECRET, TEXT, settings
from tests.contract.judge.test_passages import BOTH


def deepl_settings(url: str, **fields: object) -> Settings:
    return settings(backends="rules", translators="deepl", deepl_key=SECRET, deepl_url=url, **fields)


async def test_deepl_translates() -> None:
    reply = Reply({"translations": [{"detected_source_language": "EN", "text": TRANSLATED, "billed_characters": 62}]})
    with remote(lambda call: reply) as server:
        judge = build(deepl_settings(server.url))
        found = await judge.translate(TEXT)
        await judge.close()
    assert (found.text, found.grade, found.work.backend) == (TRANSLATED, "full", "deepl")
    assert found.work.model.version
    [call] = server.calls
    assert call.path == "/v2/translate"
    assert call.headers["authorization"] == f"DeepL-Auth-Key {SECRET}"
    assert (call.body["source_lang"], call.body["target_lang"]) == ("EN", "ID")


async def test_deepl_is_sent_only_what_is_to_be_translated() -> None:
    with remote(lambda call: Reply({"translations": [{"text": TRANSLATED, "billed_characters": 62}]})) as server:
        judge = build(deepl_settings(server.url))
        found = await judge.translate(BOTH)
        await judge.close()
    assert found.text == f"Saya juga jujur. {TRANSLATED} Terima kasih."
    assert [call.body["text"] for call in server.calls] == [[TEXT.text]]


@pytest.mark.parametrize(
    "translations", [[], [{"text": TRANSLATED}], [{"text": TEXT.text, "billed_characters": 62}], "purple"]
)
async def test_what_deepl_returns_is_checked(translations: object) -> None:
    with remote(lambda call: Reply({"translations": translations})) as server:
        judge = build(deepl_settings(server.url))
        found = await judge.translate(TEXT)
        await judge.close()
    assert (found.text, found.grade) == ("", "none")
    assert found.work.failures[0].reason.startswith(("its reply is not", "it returned the text"))


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "refused the key"), (429, "busy (HTTP 429)"), (456, "quota"), (503, "HTTP 503")]
)
async def test_when_deepl_fails_the_language_model_translates(status: int, reason: str) -> None:
    with remote(lambda call: Reply({"message": "no"}, status)) as deepl, remote(large_model) as openai:
        judge = build(
            deepl_settings(deepl.url, openai_url=f"{openai.url}/v1").model_copy(update={"translators": "deepl,openai"})
        )
        found = await judge.translate(TEXT)
        await judge.close()
    assert (found.text, found.work.backend) == (TRANSLATED, "openai")
    assert found.work.failures[0].backend == "deepl"
    assert reason in found.work.failures[0].reason
    assert SECRET not in found.work.failures[0].reason
