"""Letters to candidates."""

from __future__ import annotations

from datetime import datetime

from interview_client.models.body import Body


class Letter(Body):
    """A letter to a candidate; `state` is `draft`, `edited` or `sent`, `way` empty until it is sent.

    `revision` grows with each change: whoever changes or sends names the one that they have read. `unfounded_quotes`
    stand in no transcript; `under_link`: the candidate can read it under their link once it is sent; `email` is that of
    their invitation; `mail`: whether the server sends mail.
    """

    session_id: str
    language: str = "en"
    text: str
    state: str = "draft"
    revision: int
    author: str = ""
    create_time: datetime | None = None
    update_time: datetime | None = None
    sender: str = ""
    send_time: datetime | None = None
    way: str = ""
    unfounded_quotes: tuple[str, ...] = ()
    under_link: bool = False
    email: str = ""
    mail: bool = False
