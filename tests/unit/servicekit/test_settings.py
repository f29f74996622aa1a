from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict

from servicekit.settings import ModelSettings, ServerSettings, StoreSettings


class EchoSettings(ServerSettings, StoreSettings, ModelSettings):
    model_config = SettingsConfigDict(env_prefix="ECHO_")

    loudness: float = Field(default=0.5, ge=0)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("INTERVIEW_LOG_LEVEL", "INTERVIEW_OBJECT_STORE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_own_fields_have_the_prefix_and_shared_ones_their_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_LOUDNESS", "0.75")
    monkeypatch.setenv("ECHO_PORT", "50099")
    monkeypatch.setenv("INTERVIEW_OBJECT_STORE", "s3://bucket/prefix")
    monkeypatch.setenv("INTERVIEW_LOG_LEVEL", "DEBUG")
    found = EchoSettings()
    assert (found.loudness, found.port) == (0.75, 50099)
    assert (found.object_store, found.log_level) == ("s3://bucket/prefix", "DEBUG")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ECHO_LOUDNESS=0.1\nECHO_PORT=50001\nUNKNOWN=1\n")
    monkeypatch.setenv("ECHO_PORT", "50002")
    found = EchoSettings()
    assert (found.loudness, found.port) == (0.1, 50002)


@pytest.mark.parametrize(
    ("name", "value"), [("ECHO_PORT", "65536"), ("ECHO_MAX_CONCURRENT", "-1"), ("ECHO_LOUDNESS", "loud")]
)
def test_a_value_out_of_range_names_its_field(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("ECHO_").lower()):
        EchoSettings()


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("INTERVIEW_S3_SECRET_ACCESS_KEY", "hidden_key")
    found = EchoSettings()
    assert found.hf_token.get_secret_value() == "hf_secret"
    for text in (repr(found), str(found.model_dump()), found.model_dump_json()):
        assert "hf_secret" not in text
        assert "hidden_key" not in text


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        EchoSettings().port = 1
