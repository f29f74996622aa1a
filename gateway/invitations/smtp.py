"""Sending mail through an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from starlette.concurrency import run_in_threadpool

from gateway.settings import GatewaySettings
from servicekit.errors import upstream_down
from servicekit.telemetry.logs import get_logger

log = get_logger()


async def send(mails: Sequence[EmailMessage], settings: GatewaySettings) -> list[bool]:
    """Whether each of these mails was taken by the server. Raises UPSTREAM_DOWN where there is no talking to it."""
    return await run_in_threadpool(_send, mails, settings)


def _send(mails: Sequence[EmailMessage], settings: GatewaySettings) -> list[bool]:
    taken: list[bool] = []
    try:
        with _connected(settings) as server:
            for mail in mails:
                taken.append(_taken(server, mail, settings.smtp_sender))
    except (OSError, smtplib.SMTPException) as error:
        # Its words may hold addresses.
        log.warning("mail server away", error_type=type(error).__name__, sent=len(taken))
        if not taken:
            raise upstream_down("The mail server") from None
    return taken + [False] * (len(mails) - len(taken))


def _connected(settings: GatewaySettings) -> smtplib.SMTP:
    where = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            *where, timeout=settings.smtp_timeout_s, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(*where, timeout=settings.smtp_timeout_s)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _taken(server: smtplib.SMTP, mail: EmailMessage, sender: str) -> bool:
    mail["From"], mail["Date"] = sender, formatdate()
    mail["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    try:
        server.send_message(mail)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        log.warning("mail refused", error_type=type(error).__name__)
        return False
    return True
