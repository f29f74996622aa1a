"""A small API server that speaks Kubernetes' list and patch of pods, and replicas that tell their metrics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.http_server import answering

PODS = "/api/v1/namespaces/hr/pods"
COST = "controller.kubernetes.io/pod-deletion-cost"
TOKEN = "a-token"
METRICS = """\
# HELP interview_calls_running gRPC calls that run now.
# TYPE interview_calls_running gauge
interview_calls_running{{method="/interview.vision.v1.VisionService/Analyze"}} {calls}
interview_calls_running{{method="/grpc.health.v1.Health/Watch"}} 5.0
"""


@dataclass
class Api:
    """What the API server knows, and what it was asked. `verbs` is what the token may do."""

    pods: dict[str, dict[str, Any]] = field(default_factory=dict)
    verbs: set[str] = field(default_factory=lambda: {"list", "patch"})
    patched: list[tuple[str, Any]] = field(default_factory=list)
    refused: int = 0
    url: str = ""

    def add(self, name: str, service: str, address: str, **metadata: Any) -> None:
        """A running pod of a service."""
        labels = {"app.kubernetes.io/name": service}
        self.pods[name] = {
            "metadata": {"name": name, "labels": labels, "annotations": {"kept": "yes"}, **metadata},
            "status": {"phase": "Running", "podIP": address},
        }

    def cost(self, name: str) -> str | None:
        """A pod's cost, as Kubernetes would read it."""
        found: str | None = self.pods[name]["metadata"]["annotations"].get(COST)
        return found

    def first_to_go(self, *names: str) -> str:
        """Which of these the ReplicaSet's controller would delete: the lowest cost, 0 where there is none."""
        return min(names, key=lambda name: int(self.cost(name) or 0))

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Status and body, as the real one answers."""
        verb = {"GET": "list", "PATCH": "patch"}[method]
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, _status("Unauthorized")
        if verb not in self.verbs:
            self.refused += 1
            return 403, _status("Forbidden")
        path = urlsplit(url)
        return self._list(parse_qs(path.query)) if verb == "list" else self._patch(path.path, headers, body)

    def _list(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        (wanted,) = re.findall(r"app\.kubernetes\.io/name in \((.*)\)", query["labelSelector"][0])
        assert query["fieldSelector"] == ["status.phase=Running"]
        found = [
            p for p in self.pods.values() if p["metadata"]["labels"]["app.kubernetes.io/name"] in wanted.split(",")
        ]
        return 200, {"kind": "PodList", "items": found}

    def _patch(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if headers.get("content-type") != "application/merge-patch+json":
            return 415, _status("UnsupportedMediaType")
        pod = self.pods.get(path.removeprefix(f"{PODS}/"))
        if pod is None:
            return 404, _status("NotFound")
        patch = json.loads(body)
        self.patched.append((pod["metadata"]["name"], patch))
        pod["metadata"]["annotations"] |= patch["metadata"]["annotations"]
        return 200, pod


def _status(reason: str) -> dict[str, str]:
    return {"kind": "Status", "status": "Failure", "reason": reason}


@contextmanager
def _serving(address: str, port: int, answer: Any) -> Iterator[int]:
    def respond(request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        headers = {key.lower(): value for key, value in request.headers.items()}
        code, found = answer(request.command, request.path, headers, body)
        content = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        request.send_response(code)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    parts = {"do_GET": respond, "do_PATCH": respond, "log_message": lambda *_: None}
    server = ThreadingHTTPServer((address, port), type("Handler", (BaseHTTPRequestHandler,), parts))
    with answering(server):
        yield server.server_address[1]


@contextmanager
def api_server(folder: Path) -> Iterator[Api]:
    """An API server, with a pod's credentials for it in the folder."""
    api = Api()
    (folder / "token").write_text(f"{TOKEN}\n")
    (folder / "namespace").write_text("hr")
    with _serving("127.0.0.1", 0, api.answer) as port:
        api.url = f"http://127.0.0.1:{port}"
        yield api


@contextmanager
def replicas(calls: dict[str, int]) -> Iterator[int]:
    """Replicas by address (127.0.0.x) with the calls that they work on. All tell their metrics on the port yielded."""
    with ExitStack() as stack:
        port = 0
        for address in calls:
            port = stack.enter_context(
                _serving(address, port, lambda *_, here=address: (200, METRICS.format(calls=float(calls[here]))))
            )
        yield port
