"""pip's settings for uv, which reads neither pip's configuration files nor its variables.

Constraints are left out: every package is pinned by a lock.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping

# A command's section goes before the global one, and the environment before both.
SECTIONS = ("global", "install", ":env:")
NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
    "keyring-provider": "UV_KEYRING_PROVIDER",
}
SEPARATORS = {"find-links": ","}
KEYRINGS = ("disabled", "subprocess")
FIRST_WITH_SYSTEM_CERTIFICATES = (24, 2)


def pip_settings(python: str = sys.executable) -> dict[str, str]:
    """What pip would install with, by its options' long names. Raises CalledProcessError where there is no pip."""
    command = [python, "-m", "pip", "config", "list"]
    return read(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def read(listing: str) -> dict[str, str]:
    """The settings from what `pip config list` prints: `section.name='value'` on each line."""
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in found:
            found[section][name] = str(ast.literal_eval(value))
    return found["global"] | found["install"] | found[":env:"]


def uv_environment(settings: Mapping[str, str], environment: Mapping[str, str], pip: tuple[int, int]) -> dict[str, str]:
    """The variables with which uv installs from where pip of that version would; those that are set already stay."""
    # pip takes the best version of all indexes. uv would stop at the first one that has the package in any version;
    # which file it is, the locks' hashes say.
    wanted = {"UV_INDEX_STRATEGY": "unsafe-best-match", **dict(_named(settings))}
    bundle = settings.get("cert") or environment.get("REQUESTS_CA_BUNDLE") or environment.get("CURL_CA_BUNDLE")
    if bundle:
        wanted["SSL_CERT_FILE"] = bundle
    elif pip >= FIRST_WITH_SYSTEM_CERTIFICATES or "truststore" in settings.get("use-feature", ""):
        wanted["UV_SYSTEM_CERTS"] = "true"
    return wanted | {name: value for name, value in environment.items() if name in wanted and value}


def uv_arguments(settings: Mapping[str, str]) -> list[str]:
    """What uv takes only as an argument."""
    flags = {"no-index": "--no-index", "no-cache-dir": "--no-cache"}
    return [flag for name, flag in flags.items() if settings.get(name, "").lower() in ("1", "true", "yes", "on")]


def _named(settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, variable in NAMES.items():
        value = SEPARATORS.get(name, " ").join(settings.get(name, "").split())
        if value and _fits(name, value):
            yield variable, value


def _fits(name: str, value: str) -> bool:
    """Whether uv takes the value: whole seconds, and one way of asking a keyring."""
    if name in ("timeout", "default-timeout", "retries"):
        return value.isdigit()
    return name != "keyring-provider" or value in KEYRINGS
