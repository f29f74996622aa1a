from __future__ import annotations

from email.utils import formatdate

import pytest

from services.judge.chat import prompts
from services.judge.remote import server as remote
from services.judge.remote.server import Unsupported, refusal
from services.judge.settings import Settings


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), (None, 0), ("soon", 0), ("-3", 0)])
def test_retry_after_in_seconds(value: str | None, seconds: float) -> None:
    assert refusal(429, value).retry_after_s == seconds


def test_retry_after_as_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "time", lambda: 1_000_000.25)
    assert refusal(503, formatdate(1_000_030, usegmt=True)).retry_after_s == 29.75


def test_which_statuses_are_tried_again() -> None:
    assert isinstance(refusal(422, None), Unsupported)
    assert [s for s in (400, 401, 403, 404, 408, 429, 500, 503) if refusal(s, None).retry_after_s is not None] == [
        408,
        429,
        500,
        503,
    ]


def test_lists_of_backends() -> None:
    assert Settings(backends=" rules , llamacpp,rules").backend_names == ("rules", "llamacpp")
    assert Settings(translators="").translator_names == ()
    with pytest.raises(ValueError, match="must name at least one"):
        Settings(backends="")


def test_keys_are_not_shown() -> None:
    shown = repr(Settings.model_validate({"deepl_key": "k-1", "openai_key": "k-2", "huggingface_token": "k-3"}))
    assert "k-" not in shown


@pytest.mark.parametrize("name", ["RATING_SYSTEM", "LABEL_SYSTEM", "SUMMARY_TASK", "ANALYSIS_SYSTEM", "QUOTE_TASKS"])
def test_another_prompt_is_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, text = prompts.version(), getattr(prompts, name)
    changed = f"{text} Please." if isinstance(text, str) else {k: f"{v} Please." for k, v in text.items()}
    monkeypatch.setattr(prompts, name, changed)
    assert len(prompts.version()) == 64
    assert prompts.version() != before
