"""A real OpenID Connect provider (`oidc-provider` on node), and a browser's way through it by hand."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".venv" / "sign-in-server"
CLIENT, SECRET = "interviews", "a secret:/of 30 characters, really"
ACCOUNTS: dict[str, dict[str, Any]] = {
    "rina": {"email": "Rina@acme.example", "email_verified": True, "name": "Rina Wulandari"},
    "eve": {"email": "rina@acme.example", "email_verified": False, "name": "Eve"},
    "budi": {"name": "Budi", "organisation": "bravo", "roles": ["staff", "reviewer"]},
    "nobody": {"email": "nobody@example.org", "email_verified": True, "name": "Nobody"},
}


@dataclass(frozen=True, slots=True)
class SignInServer:
    """Where it will answer, once it is `started` for a gateway whose address is known then."""

    port: int
    accounts: dict[str, dict[str, Any]] = field(default_factory=lambda: ACCOUNTS)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        """The gateway's."""
        return {"oidc_issuer": self.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}

    @asynccontextmanager
    async def started(self, gateway: str) -> AsyncIterator[None]:
        await asyncio.to_thread(install)
        known = {
            "port": self.port, "client_id": CLIENT, "client_secret": SECRET, "accounts": self.accounts,
            "redirect_uris": [f"{gateway}/v1/sign-in/oidc/callback"],
            "post_logout_redirect_uris": [f"{gateway}/sign-in.html"],
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            "node", str(INSTALLED / "provider.mjs"),
            env={"PATH": os.environ["PATH"], "PROVIDER": json.dumps(known)}, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            while (line := await process.stdout.readline()).strip() != b"ready":
                assert line, "the sign-in server did not start"
            yield
        finally:
            process.kill()
            await process.wait()


def install() -> None:
    subprocess.run([ROOT / "scripts" / "sign-in-server.sh"], check=True)
    shutil.copy(ROOT / "tests" / "support" / "oidc" / "provider.mjs", INSTALLED)


async def through(client: httpx.AsyncClient, address: str, login: str) -> str:
    """Sign in at the provider; where it sends the browser then."""
    for _ in range(12):
        response = await client.get(address)
        if response.status_code == 200:
            action = re.search(r'action="([^"]+)"', response.text)
            assert action is not None, response.text
            form = {"prompt": "login", "login": login, "password": "any"}
            response = await client.post(urljoin(address, action.group(1)), data=form)
        assert response.is_redirect, response.text
        address = urljoin(str(response.request.url), response.headers["location"])
        if "/v1/sign-in/oidc/callback" in address:
            return address
    raise AssertionError(f"no way back from {address}")
