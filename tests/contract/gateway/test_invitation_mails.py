"""Invitations and reminders by mail, over a real mail server on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.settings import MAIL_TEXTS, GatewaySettings
from orchestrator.settings import DatabaseSettings
from tests.support.hiring import CANDIDATES, site_over
from tests.support.smtp import mail_server


async def test_without_a_mail_server_nothing_is_sent(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch) as site:
        job_id = await site.job()
        siti, _ = await site.invited(job_id)
        body = {"invitation_ids": [siti["invitation_id"]]}
        assert await site.refused(f"/v1/jobs/{job_id}/invitations:send", body) == (400, "MAIL_OFF")
        assert (await site.get(f"/v1/jobs/{job_id}/invitations"))["mail"] is False


async def test_invitations_and_reminders_are_mailed(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server(refuses="full@example.org", user="jobs", password="secret") as server:
        settings = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "smtp_user": "jobs",
                    "smtp_password": "secret", "smtp_sender": "Rekrutmen <jobs@example.org>"}  # fmt: skip
        async with site_over(database, tmp_path, monkeypatch, **settings) as site:
            job_id = await site.job(title="Kasir\nBcc: all@example.org")
            full = {"candidate_name": "Full", "email": "full@example.org"}
            eva = {"candidate_name": "Eva", "email": "eva@example.org", "language": "en"}
            ids = [i["invitation_id"] for i in await site.invited(job_id, [*CANDIDATES, full, eva])]
            path = f"/v1/jobs/{job_id}/invitations:send"
            sent = (await site.post(path, {"invitation_ids": ids}))["mails"]
            assert [mail["reason"] for mail in sent] == ["", "NO_ADDRESS", "REFUSED", ""]
            assert await site.states(job_id) == ["sent", "created", "created", "sent"]
            indonesian, english = server.mails
            assert (indonesian["To"], indonesian["From"]) == ("siti@example.org", "Rekrutmen <jobs@example.org>")
            assert indonesian["Subject"] == "Wawancara video Anda: Kasir Bcc: all@example.org"
            assert english["Subject"].startswith("Your video interview: ")
            token = await site.token({"job_id": job_id, "invitation_id": ids[0]})
            assert f"/candidate.html#{token}" in indonesian.get_content().replace("=\n", "")
            await site.post(path, {"invitation_ids": [ids[0]], "reminder": True})
            assert server.mails[-1]["Subject"].startswith("Pengingat: ")
            listed = (await site.get(f"/v1/jobs/{job_id}/invitations"))["invitations"]
            assert [bool(found["remind_time"]) for found in reversed(listed)] == [True, False, False, False]
            await site.post(f"/v1/jobs/{job_id}/invitations/{ids[3]}:revoke")
            [ended] = (await site.post(path, {"invitation_ids": [ids[3]]}))["mails"]
            assert (ended["sent"], ended["reason"]) == (False, "ENDED")
            sent_so_far = len(server.mails)
            private = settings | {"smtp_security": "starttls"}
            async with site_over(database, tmp_path, monkeypatch, **private) as careful:  # this server knows no TLS
                assert await careful.refused(path, {"invitation_ids": [ids[0]]}) == (503, "UPSTREAM_DOWN")
            assert len(server.mails) == sent_so_far
            server.stops_after = 1
            both = (await site.post(path, {"invitation_ids": [ids[0], ids[2]], "reminder": True}))["mails"]
            assert [mail["reason"] for mail in both] == ["", "REFUSED"]
    async with site_over(database, tmp_path, monkeypatch, **settings) as site:
        assert await site.refused(path, {"invitation_ids": [ids[0]]}) == (503, "UPSTREAM_DOWN")


def test_a_folder_of_texts_without_one_of_them_is_told_at_the_start(tmp_path: Path) -> None:
    for name in MAIL_TEXTS[:-1]:
        (tmp_path / name).write_text("Subject\n\n$link")
    with pytest.raises(ValidationError, match=r"has no reminder\.id\.txt"):
        GatewaySettings(mail_texts_dir=str(tmp_path))
    (tmp_path / MAIL_TEXTS[-1]).write_text("Subject\n\n$link")
    assert GatewaySettings(mail_texts_dir=str(tmp_path)).mail_texts_dir
