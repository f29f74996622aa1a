"""What the API says of itself beyond what its routes do: sign-in, and the answers that every operation can give."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from gateway.access.scopes import NEEDED

SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key (`ias_…`) or an OpenID Connect token."},
    "browser": {"type": "apiKey", "in": "cookie", "name": "interview_sign_in", "description": "From the sign-in page."},
}
_EVERYWHERE = {
    "400": "The request is wrong; the message says what.",
    "401": "Nobody is signed in, or the key or token is not good.",
    "403": "The key or person lacks the scope.",
    "413": "The request is larger than allowed.",
    "429": "Too many requests; `Retry-After` says when to try again.",
    "503": "A part of the system does not answer; `Retry-After` says when to try again.",
}


def describe(app: FastAPI) -> None:
    """Complete the description that FastAPI makes of the routes."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(found: dict[str, Any]) -> dict[str, Any]:
    found["components"]["securitySchemes"] = SCHEMES
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(path, operation, NEEDED.get((_method(method), _route(path)), frozenset({"admin"})))
    return found


def _method(method: str) -> str:
    """HEAD needs what GET needs."""
    return "GET" if method == "head" else method.upper()


def _route(path: str) -> str:
    """The route's own path: the description leaves converters out."""
    return path.replace("{name}", "{name:path}")


def _complete(path: str, operation: dict[str, Any], needed: frozenset[str]) -> None:
    name = "ErrorBody" if path.startswith("/v1/") else "Failure"
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    operation["responses"].pop("422", None)  # what FastAPI would answer; here it is a 400
    for code, description in _EVERYWHERE.items():
        operation["responses"].setdefault(code, {"description": description, "content": content})
    if needed:
        operation["security"] = [{"key": []}, {"browser": []}]
        operation["description"] += f"\n\nScope: {' or '.join(f'`{scope}`' for scope in sorted(needed))}."
