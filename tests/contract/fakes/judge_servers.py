"""Real HTTP servers that speak like DeepL and like an OpenAI-compatible server, and misbehave on demand."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Call:
    """One request: where to, with which headers, and what."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back; `body` is JSON, or text as it is. `silent`: nothing, for as long as the server runs."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False


@dataclass
class Remote:
    """A server: its URL and the calls it got, in order."""

    url: str
    calls: list[Call] = field(default_factory=list)


@contextmanager
def remote(answer: Callable[[Call], Reply]) -> Iterator[Remote]:
    """Serve POST requests on a free loopback port."""
    found, ending = Remote(""), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each body waits 40 ms for its client to have acknowledged the headers

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            call = Call(self.path, {k.lower(): v for k, v in self.headers.items()}, _decoded(text))
            found.calls.append(call)
            reply = answer(call)
            if reply.silent:
                ending.wait()
                self.close_connection = True
                return
            body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


def chat(text: str, shares: dict[str, float] | None = None, finish: str = "stop") -> Reply:
    """A chat completion; `shares` are the probabilities of its first token's alternatives."""
    logprobs = None
    if shares:
        top = [{"token": k, "logprob": math.log(p)} for k, p in shares.items()]
        logprobs = {"content": [{"token": text, "logprob": math.log(max(shares.values())), "top_logprobs": top}]}
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
        "logprobs": logprobs,
    }
    return Reply(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "big-model-8b",
            "system_fingerprint": "build-7",
            "choices": [choice],
            "usage": {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101},
        }
    )


ANALYSIS = (
    "The answer names a concrete case and its result, and it is easy to follow. It is missing what was done with the "
    "team afterwards. Ask next how the success was measured."
)
SUMMARY = " ".join(
    [
        "The answers name concrete cases and their results, and most of them are easy to follow.",
        "The strongest answer tells what the candidate did in the warehouse and what came of it.",
        "The weakest answer stays general and says little about the candidate's own part in the work.",
    ]
    * 3
)
TRANSLATED = "Saya bertanggung jawab atas gudang dan tim yang terdiri dari lima orang."


def large_model(call: Call) -> Reply:
    """An 8B model with 20 log probabilities."""
    asked = call.body["messages"][-1]["content"]
    task = asked.rpartition("\n\n")[2]
    if asked.endswith("A or G?"):
        return chat("A", {"A": 0.95, "G": 0.05})
    if "one letter" in task:
        return chat("A", {"A": 0.9, "B": 0.1})
    if "yes or no" in task:
        return chat("yes", {"yes": 0.9, "no": 0.1})
    if "one digit" in task:
        return chat("4", {"4": 0.8, "5": 0.1, "3": 0.1})
    if "Sum up this interview" in task:
        return chat(SUMMARY)
    return chat(ANALYSIS if "words of plain text" in task else TRANSLATED)


def _decoded(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError:
        found = {k: v if len(v) > 1 else v[0] for k, v in parse_qs(text).items()}
    return found
