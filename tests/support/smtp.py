"""A mail server that keeps what it is given (RFC 5321, as far as smtplib speaks it)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What has arrived, and what is refused. `stops_after`: hangs up after so many more mails."""

    refuses: str
    credentials: bytes
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    stops_after: int | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        signed_in = not self.credentials
        writer.write(b"220 localhost ready\r\n")
        while line := await reader.readline():
            verb, _, rest = line.strip().partition(b" ")
            if verb.upper() == b"QUIT" or self.stops_after == 0:
                break
            if verb.upper() == b"AUTH":
                signed_in = rest == b"PLAIN " + base64.b64encode(self.credentials)
            if verb.upper() == b"DATA" and signed_in:
                writer.write(b"354 go on\r\n")
                self._keep(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(self._answer(verb.upper(), rest, signed_in))
        self.stops_after = None if self.stops_after == 0 else self.stops_after
        writer.close()

    def _answer(self, verb: bytes, rest: bytes, signed_in: bool) -> bytes:
        if verb == b"EHLO":
            return b"250-localhost\r\n250 AUTH PLAIN\r\n"
        if not signed_in:
            return b"535 not these\r\n" if verb == b"AUTH" else b"530 sign in first\r\n"
        if verb == b"AUTH":
            return b"235 welcome\r\n"
        if verb == b"RCPT" and self.refuses.encode() in rest:
            return b"550 no such mailbox\r\n"
        return b"250 ok\r\n"

    def _keep(self, content: bytes) -> None:
        self.mails.append(message_from_bytes(content.removesuffix(b".\r\n"), policy=policy.default))
        if self.stops_after:
            self.stops_after -= 1


@asynccontextmanager
async def mail_server(refuses: str = "nobody@", user: str = "", password: str = "") -> AsyncIterator[MailServer]:
    """A server on a free port; with a user only they may send."""
    found = MailServer(refuses, f"\0{user}\0{password}".encode() if user else b"")
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found
