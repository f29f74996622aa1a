"""Pods by the API of Kubernetes: listing them, and writing what it costs to delete one."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

NAME = "app.kubernetes.io/name"
COST = "controller.kubernetes.io/pod-deletion-cost"
"""Of the pods of a ReplicaSet those with the lowest go first; a pod without it counts as 0."""

NO_RIGHT = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
GONE = (httpx.codes.NOT_FOUND, httpx.codes.CONFLICT)
TIMEOUT_S = 10.0


class NoRightError(Exception):
    """The ServiceAccount may not list or patch pods. The text is which of the two."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A running pod. `cost` is what its annotation says, 0 without one."""

    name: str
    address: str
    cost: int = 0


class Pods:
    """The pods of one namespace."""

    def __init__(self, api_url: str, credentials: Path) -> None:
        """`credentials` holds the files `token`, `namespace` and, for https, `ca.crt`."""
        self._token = credentials / "token"
        secure = api_url.startswith("https:")
        context = ssl.create_default_context(cafile=str(credentials / "ca.crt")) if secure else False
        namespace = (credentials / "namespace").read_text().strip()
        base = f"{api_url.rstrip('/')}/api/v1/namespaces/{namespace}/pods"
        self._http = httpx.AsyncClient(base_url=base, verify=context, timeout=TIMEOUT_S, trust_env=False)

    async def running(self, services: Sequence[str]) -> list[Pod]:
        """The running pods of these services that are not being deleted. Raises NoRightError, httpx.HTTPError."""
        query = {
            "labelSelector": f"{NAME} in ({','.join(services)})",
            "fieldSelector": "status.phase=Running",
            "resourceVersion": "0",  # from the API server's memory: a few seconds old is good enough
        }
        answer = await self._ask("GET", "", params=query)
        answer.raise_for_status()
        items = answer.json()["items"]
        return [_pod(item) for item in items if "deletionTimestamp" not in item["metadata"]]

    async def set_cost(self, pod: Pod, cost: int) -> None:
        """Write the annotation; a pod that has gone meanwhile is left alone. Raises NoRightError, httpx.HTTPError."""
        body = {"metadata": {"annotations": {COST: str(cost)}}}
        answer = await self._ask(
            "PATCH", f"/{pod.name}", json=body, headers={"Content-Type": "application/merge-patch+json"}
        )
        if answer.status_code not in GONE:
            answer.raise_for_status()

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token.read_text().strip()}", **request.pop("headers", {})}
        answer = await self._http.request(method, path, headers=headers, **request)
        if answer.status_code in NO_RIGHT:
            raise NoRightError("list pods" if method == "GET" else "patch pods")
        return answer


def _pod(item: dict[str, Any]) -> Pod:
    written = item["metadata"].get("annotations", {}).get(COST, "0")
    cost = int(written) if written.lstrip("-").isdigit() else 0
    return Pod(item["metadata"]["name"], item["status"].get("podIP", ""), cost)
