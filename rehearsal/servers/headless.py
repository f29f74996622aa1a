"""A DNS server that answers as Kubernetes does for headless Services: a name has the addresses of its ready pods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dnslib import QTYPE, RCODE, RR, A, DNSRecord
from dnslib.server import DNSLogger, DNSServer

HOST = "127.0.0.1"
TTL_S = 5
"""How long an answer may be kept, seconds: CoreDNS' default in Kubernetes."""


class HeadlessServices:
    """Names and their addresses, which may change at any time and from any thread."""

    def __init__(self, port: int) -> None:
        """Know no name yet; `port` is the one that `serving` listens on."""
        self._port = port
        self._addresses: dict[str, tuple[str, ...]] = {}

    def publish(self, name: str, addresses: Iterable[str]) -> None:
        """Answer for `name` with these IPv4 addresses from now on."""
        self._addresses[name] = tuple(addresses)

    def addresses(self, name: str) -> tuple[str, ...]:
        """What is answered for `name`; empty for an unknown one."""
        return self._addresses.get(name, ())

    def target(self, name: str, port: int) -> str:
        """The gRPC target of port `port` on every address of `name`, looked up here and nowhere else."""
        return f"dns://{HOST}:{self._port}/{name}:{port}"

    def resolve(self, request: DNSRecord, handler: object) -> DNSRecord:
        """Answer one question; called by dnslib."""
        reply, name = request.reply(), str(request.q.qname).rstrip(".")
        if name not in self._addresses:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.A:
            for address in self._addresses[name]:
                reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=TTL_S))
        return reply


@contextmanager
def serving(services: HeadlessServices, port: int) -> Iterator[None]:
    """Answer over UDP on loopback while the context lasts. Raises OSError when the port is taken."""
    server = DNSServer(services, HOST, port, logger=DNSLogger(logf=lambda _line: None))
    server.start_thread()
    try:
        yield
    finally:
        server.stop()
        server.server.server_close()
        server.thread.join()
