"""Servers that speak the protocols of AWS KMS and of HashiCorp Vault's transit engine, with real encryption."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ACCESS_KEY, SECRET_KEY, REGION = "AKIATEST", "secret-of-the-test", "ap-southeast-3"
ARN = f"arn:aws:kms:{REGION}:111122223333:key/"


class Kms:
    """AWS KMS: `Encrypt` and `Decrypt` in its JSON protocol; requests must be signed (Signature Version 4).

    `keys` are there by their ids; `aliases` stand for some of them.
    """

    def __init__(self) -> None:
        self.keys = {name: AESGCM.generate_key(256) for name in ("first", "second")}
        self.aliases = {"alias/interview": "first"}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failing = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        if self.failing:
            return _error(400 if self.failing.endswith("Exception") else 500, self.failing)
        if not _signed(request, body):
            return _error(403, "InvalidSignatureException")
        name, asked = request.headers["x-amz-target"].removeprefix("TrentService."), json.loads(body)
        self.calls.append((name, asked))
        wanted = asked["KeyId"].removeprefix(ARN)
        key_id = self.aliases.get(wanted, wanted)
        if key_id not in self.keys:
            return _error(400, "NotFoundException")
        context = json.dumps(asked.get("EncryptionContext", {}), sort_keys=True).encode()
        cipher = AESGCM(self.keys[key_id])
        if name == "Encrypt":
            nonce = os.urandom(12)
            sealed = nonce + cipher.encrypt(nonce, base64.b64decode(asked["Plaintext"]), context)
            blob = base64.b64encode(sealed).decode()
            return JSONResponse(
                {"CiphertextBlob": blob, "KeyId": ARN + key_id}, media_type="application/x-amz-json-1.1"
            )
        sealed = base64.b64decode(asked["CiphertextBlob"])
        try:
            plain = cipher.decrypt(sealed[:12], sealed[12:], context)
        except InvalidTag:
            return _error(400, "InvalidCiphertextException")
        found = {"Plaintext": base64.b64encode(plain).decode(), "KeyId": ARN + key_id}
        return JSONResponse(found, media_type="application/x-amz-json-1.1")


def _error(status: int, code: str) -> Response:
    return JSONResponse({"__type": code, "message": ""}, status, media_type="application/x-amz-json-1.1")


def _signed(request: Request, body: bytes) -> bool:
    """Check Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html."""
    kind, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key, day, region, service, _ = parts["Credential"].split("/")
    names = parts["SignedHeaders"].split(";")
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    path = quote(request.url.path)
    canonical = "\n".join(("POST", path, "", headers, parts["SignedHeaders"], hashlib.sha256(body).hexdigest()))
    scope = f"{day}/{region}/{service}/aws4_request"
    moment = request.headers["x-amz-date"]
    text = "\n".join((kind, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    secret = f"AWS4{SECRET_KEY}".encode()
    for step in (day, region, service, "aws4_request"):
        secret = hmac.new(secret, step.encode(), hashlib.sha256).digest()
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return (key, region, service) == (ACCESS_KEY, REGION, "kms") and hmac.compare_digest(signature, parts["Signature"])


class Transit:
    """Vault's transit engine at `transit/`: `encrypt` and `decrypt` of the keys `names`; `rotate` adds a version."""

    def __init__(self) -> None:
        self.token, self.names = "hvs.test", ["interview", "acme"]
        self.versions = {1: AESGCM.generate_key(256)}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failing = 0

    def rotate(self) -> None:
        self.versions[max(self.versions) + 1] = AESGCM.generate_key(256)

    def app(self) -> Starlette:
        path = "/v1/transit/{name}/{key}"
        return Starlette(routes=[Route(path, self._answer, methods=["POST", "PUT"])])

    async def _answer(self, request: Request) -> Response:
        if self.failing:
            return JSONResponse({"errors": ["it does not work"]}, self.failing)
        if request.headers.get("x-vault-token") != self.token:
            return JSONResponse({"errors": ["permission denied"]}, 403)
        name, key_name, asked = request.path_params["name"], request.path_params["key"], await request.json()
        if key_name not in self.names:
            return JSONResponse({"errors": ["permission denied"]}, 403)
        self.calls.append((name, asked))
        associated = key_name.encode() + base64.b64decode(asked.get("associated_data", ""))
        if name == "encrypt":
            version, nonce = max(self.versions), os.urandom(12)
            plain = base64.b64decode(asked["plaintext"])
            sealed = nonce + AESGCM(self.versions[version]).encrypt(nonce, plain, associated)
            ciphertext = f"vault:v{version}:{base64.b64encode(sealed).decode()}"
            return JSONResponse({"data": {"ciphertext": ciphertext, "key_version": version}})
        try:
            _, version_text, text = asked["ciphertext"].split(":")
            sealed = base64.b64decode(text)
            key = self.versions[int(version_text[1:])]
            plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], associated)
        except (InvalidTag, KeyError, ValueError):
            return JSONResponse({"errors": ["invalid ciphertext: unable to decrypt"]}, 400)
        return JSONResponse({"data": {"plaintext": base64.b64encode(plain).decode()}})
