"""uv installs from where pip would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.uv_settings import pip_settings, read, uv_arguments, uv_environment

OLD_PIP, NEW_PIP = (23, 2), (25, 0)


def test_what_pip_prints_is_read() -> None:
    listing = "global.index-url='https://one/simple'\nglobal.find-links='\\n/a\\n/b'\nfreeze.timeout='1'\n"
    assert read(listing) == {"index-url": "https://one/simple", "find-links": "\n/a\n/b"}


def test_the_environment_goes_before_the_command_before_the_rest() -> None:
    listing = ":env:.index-url='e'\ninstall.index-url='i'\ninstall.cert='i'\nglobal.cert='g'\nglobal.proxy='g'\n"
    assert read(listing) == {"index-url": "e", "cert": "i", "proxy": "g"}


def test_places_and_certificates_are_handed_over() -> None:
    settings = {
        "index-url": "https://user:secret@one/simple",
        "extra-index-url": "https://two/simple\nfile:///three",
        "find-links": "/wheels /more",
        "trusted-host": "one two:8080",
        "cert": "/ca.pem",
        "client-cert": "/client.pem",
        "proxy": "http://proxy:3128",
        "default-timeout": "180",
        "retries": "2",
        "keyring-provider": "subprocess",
    }
    assert uv_environment(settings, {}, OLD_PIP) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://user:secret@one/simple",
        "UV_INDEX": "https://two/simple file:///three",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INSECURE_HOST": "one two:8080",
        "SSL_CERT_FILE": "/ca.pem",
        "SSL_CLIENT_CERT": "/client.pem",
        "ALL_PROXY": "http://proxy:3128",
        "UV_HTTP_TIMEOUT": "180",
        "UV_HTTP_RETRIES": "2",
        "UV_KEYRING_PROVIDER": "subprocess",
    }


def test_what_uv_was_told_itself_stays() -> None:
    environment = {"UV_DEFAULT_INDEX": "https://mine/simple", "SSL_CERT_FILE": "/mine.pem", "HOME": "/root"}
    found = uv_environment({"index-url": "https://one/simple", "cert": "/ca.pem"}, environment, OLD_PIP)
    assert (found["UV_DEFAULT_INDEX"], found["SSL_CERT_FILE"]) == ("https://mine/simple", "/mine.pem")
    assert "HOME" not in found


@pytest.mark.parametrize("setting", [{"timeout": "1.5"}, {"retries": "many"}, {"keyring-provider": "import"}])
def test_what_uv_would_not_take_is_left_out(setting: dict[str, str]) -> None:
    assert uv_environment(setting, {}, OLD_PIP) == {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def test_certificates_are_those_that_pip_trusts() -> None:
    assert uv_environment({}, {"REQUESTS_CA_BUNDLE": "/ca.pem"}, NEW_PIP)["SSL_CERT_FILE"] == "/ca.pem"
    assert uv_environment({"use-feature": "truststore"}, {}, OLD_PIP)["UV_SYSTEM_CERTS"] == "true"
    assert uv_environment({}, {}, NEW_PIP)["UV_SYSTEM_CERTS"] == "true"
    assert "UV_SYSTEM_CERTS" not in uv_environment({}, {}, OLD_PIP)


def test_some_are_arguments() -> None:
    assert uv_arguments({"no-index": "true", "no-cache-dir": "1"}) == ["--no-index", "--no-cache"]
    assert uv_arguments({"no-index": "false"}) == []


def test_pip_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        "[global]\nindex-url = https://one/simple\nextra-index-url =\n    https://two/a\n    https://b\n"
    )
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("PIP_CERT", "/ca.pem")
    found = uv_environment(pip_settings(), {}, OLD_PIP)
    assert (found["UV_DEFAULT_INDEX"], found["UV_INDEX"]) == ("https://one/simple", "https://two/a https://b")
    assert found["SSL_CERT_FILE"] == "/ca.pem"


def test_a_python_without_pip_is_an_error(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    with pytest.raises(subprocess.CalledProcessError):
        pip_settings(str(tmp_path / "bin" / "python"))
