"""No route of a session is forgotten: it shows what was made of a candidate, and is recorded, or it does not."""

from __future__ import annotations

from gateway.access.reads import READS, TOLD
from gateway.access.scopes import NEEDED, REVEALING


def test_every_route_of_a_session_says_whether_it_is_reading() -> None:
    shown = {path for method, path in NEEDED if method == "GET" and "{session_id}" in path}
    assert shown - set(READS) == TOLD
    assert {path for method, path in REVEALING if method == "GET"} <= set(READS)
    assert set(READS) <= {path for method, path in NEEDED if method == "GET"}
