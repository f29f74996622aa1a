"""Letters to candidates over REST: drafted from the evidence, changed and sent by a person, read under the link."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from interview.administration.v1 import administration_service_pb2 as keys_pb
from interview.letters.v1 import letters_service_pb2 as pb
from sqlalchemy import text
from typer.testing import CliRunner

from interview_client import AsyncInterviewClient, InterviewError
from interview_client.cli import app
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.store import ChainStore
from orchestrator.invitations.store import forget
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over
from tests.support.recorded import rated_result
from tests.support.signing import signer
from tests.support.smtp import mail_server

ANI = f"{1:032x}"
LETTER = f"/v1/sessions/{ANI}/letter"
SAID = "Wise words of one's own"


def measured() -> dict[str, Any]:
    """A result in which the judge has said what the first answer lacks."""
    result = copy.deepcopy(rated_result())
    result["content"][0]["result"]["penilaian"]["gap"] = "how"
    return result


async def published(site: Site, folder: Path, **columns: Any) -> None:
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(folder / "objects")))
    written = await media.write(f"results/{ANI}.json", json.dumps(measured()).encode())
    people = (Made("Ani", "pass", 92.0, decision="pass"),)
    await seed(site.orchestrator, columns.pop("job_id", ""), people, result=dataclasses.asdict(written), **columns)


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        await published(found, tmp_path)
        yield found


async def drafted(site: Site, **changes: Any) -> Any:
    return await site.post(f"{LETTER}:draft", {"author": "Rina", "language": "en"} | changes, 201)


async def finished(site: Site) -> Any:
    """A letter in which everything is written."""
    letter = await drafted(site)
    body = {"text": f"Hello Ani,\n\n{SAID}.", "revision": letter["revision"], "author": "Budi"}
    response = await site.client.put(LETTER, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_draft_holds_words_and_times_and_no_score(site: Site) -> None:
    assert (await site.client.get(LETTER)).status_code == 204
    letter = await drafted(site)
    said = [s["text"].strip(" .") for s in measured()["content"][0]["result"]["evidence"]["transcript"]["segments"]]
    assert letter["text"].startswith("Hello Ani,\n\n")
    assert letter["text"].endswith("\nRina\n")
    assert f"“{said[0]}” (0:0" in letter["text"]
    assert "step by step" in letter["text"]
    assert (letter["state"], letter["revision"], letter["unfounded_quotes"]) == ("draft", 1, [])
    words = letter["text"].lower()
    assert not [word for word in ("score", "of 100", "face", "voice", "gaze", "confiden", "smile") if word in words]
    assert "what you learned" not in words  # of the model answer, which others may still be asked about
    assert "what you learned" in (await drafted(site, name_points=True))["text"]
    assert (await drafted(site, language="id"))["text"].startswith("Halo Ani,")
    assert (await site.get(LETTER))["revision"] == 3


async def test_an_answer_without_a_rating_is_left_to_the_person(site: Site) -> None:
    letter = await drafted(site)
    assert letter["text"].count("[[") == 1
    assert await site.refused(f"{LETTER}:send", {"way": "by_hand", "revision": 1, "sender": "Rina"}) == (
        400,
        "LETTER_UNFINISHED",
    )
    assert (await finished(site))["state"] == "edited"


async def test_quotes_that_nobody_said_are_named(site: Site) -> None:
    letter = await drafted(site)
    said = letter["text"].replace("[[", "").replace("]]", "") + "\nYou said “I never did this” (0:04)."
    body = {"text": said, "revision": 1, "author": "Rina"}
    changed = (await site.client.put(LETTER, json=body)).json()
    assert changed["unfounded_quotes"] == ["I never did this"]
    assert await site.refused(LETTER, body, "PUT") == (409, "LETTER_CHANGED")


async def test_what_was_sent_stays_and_the_audit_knows_who(site: Site) -> None:
    letter = await finished(site)
    sent = await site.post(f"{LETTER}:send", {"way": "by_hand", "revision": letter["revision"], "sender": "Rina"})
    assert (sent["state"], sent["sender"], sent["way"], bool(sent["send_time"])) == ("sent", "Rina", "by_hand", True)
    for path, body in (
        (f"{LETTER}:draft", {"author": "Rina"}),
        (f"{LETTER}:send", {"way": "by_hand", "revision": sent["revision"], "sender": "Rina"}),
    ):
        assert await site.refused(path, body) == (400, "LETTER_SENT")
    entries = (await site.get(f"/v1/sessions/{ANI}/audit"))["entries"]
    acts = [(e["actor"], e["action"], e["details"]) for e in entries if e["action"].startswith("letter")]
    assert acts == [("Rina", "letter_drafted", ""), ("Budi", "letter_edited", ""), ("Rina", "letter_sent", "by_hand")]
    chain = await ChainStore(site.orchestrator._store).after(0, 100)
    kept = "".join(row.content for row in chain)
    assert "letter_sent" in kept
    assert SAID not in kept
    assert "Rina" not in kept


async def test_it_goes_with_the_session(site: Site) -> None:
    await finished(site)
    await site.orchestrator._store.delete(ANI)
    with pytest.raises(ServiceError, match="SESSION_"):
        await site.orchestrator.letters.GetLetter(pb.GetLetterRequest(session_id=ANI), None)
    assert await site.orchestrator.letters._letters.find(ANI) is None
    assert (await site.client.get(LETTER)).status_code in (404, 410)


async def test_a_printed_letter(site: Site) -> None:
    assert (await site.client.get(f"{LETTER}.pdf")).status_code == 404
    await finished(site)
    printed = await site.client.get(f"{LETTER}.pdf")
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")


async def test_bad_requests_say_what_is_wrong(site: Site) -> None:
    assert await site.refused(f"{LETTER}:draft", {"author": ""}) == (400, "FIELD_INVALID")
    assert await site.refused(f"{LETTER}:draft", {"author": "R", "language": "fr"}) == (400, "FIELD_INVALID")
    assert await site.refused(LETTER, {"text": "Hi", "revision": 1, "author": "R"}, "PUT") == (404, "LETTER_NOT_FOUND")
    mail = {"way": "mail", "revision": 1, "sender": "Rina"}
    assert await site.refused(f"{LETTER}:send", mail) == (400, "MAIL_OFF")
    other = LETTER.replace(ANI, "f" * 32)
    assert await site.refused(f"{other}:draft", {"author": "R"}) == (404, "SESSION_NOT_FOUND")


@pytest.fixture
async def invited(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Site, str, Any]]:
    """A site that sends mail; a candidate's link whose session is done; the mail server."""
    async with mail_server() as server:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        async with site_over(database, tmp_path, monkeypatch, smtp_sender="jobs@example.org", **smtp) as found:
            job_id = await found.job()
            monkeypatch.setattr("gateway.invitations.wire.new_session_id", lambda: ANI)
            person = {"candidate_name": "Ani", "email": "ani@example.org", "language": "id"}
            [invitation] = await found.invited(job_id, [person])
            token = await found.token(invitation)
            await published(found, tmp_path, job_id=job_id)
            yield found, token, server


async def under(site: Site, token: str, body: Any = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    if body is None:
        return await site.client.get("/v1/upload-link/feedback", headers=headers)
    return await site.client.post("/v1/upload-link/objection", json=body, headers=headers)


async def test_a_mailed_letter_is_read_under_the_link(invited: tuple[Site, str, Any]) -> None:
    site, token, server = invited
    letter = await drafted(site, language="")
    assert (letter["language"], letter["under_link"], letter["email"]) == ("id", True, "ani@example.org")
    assert (await under(site, token)).json()["letter"] is None  # nobody has sent it
    letter = await finished(site)
    mail = {"way": "mail", "revision": letter["revision"], "sender": "Rina"}
    sent = await site.post(f"{LETTER}:send", mail)
    [arrived] = server.mails
    assert (arrived["To"], arrived["Content-Language"]) == ("ani@example.org", sent["language"])
    assert SAID in arrived.get_content()
    assert f"/candidate.html#{token}" in arrived.get_content()
    read = (await under(site, token)).json()
    assert (read["letter"]["sender"], SAID in read["letter"]["text"], read["state"]) == ("Rina", True, "decided")


async def test_a_mail_that_is_refused_leaves_the_letter_unsent(invited: tuple[Site, str, Any]) -> None:
    site, _, server = invited
    letter = await finished(site)
    mail = {"way": "mail", "revision": letter["revision"], "sender": "Rina"}
    assert await site.refused(f"{LETTER}:send", mail | {"email": "nobody@example.org"}) == (400, "MAIL_REFUSED")
    assert await site.refused(f"{LETTER}:send", mail | {"email": "no address"}) == (400, "FIELD_INVALID")
    assert await site.refused(f"{LETTER}:send", mail | {"revision": 9}) == (409, "LETTER_CHANGED")
    assert (server.mails, (await site.get(LETTER))["state"]) == ([], "edited")


async def test_a_candidate_objects_under_the_link(invited: tuple[Site, str, Any]) -> None:
    site, token, _ = invited
    objected = await under(site, token, {"objection": "My third answer was misheard."})
    assert (objected.status_code, objected.json()["state"]) == (201, "contested")
    session = await site.get(f"/v1/sessions/{ANI}")
    assert (session["review_state"], session["objection"]) == ("contested", "My third answer was misheard.")
    assert (session["objected_by_link"], bool(session["contest_time"])) == (True, True)
    again = await under(site, token, {"objection": "Once more."})
    assert again.json()["error"]["details"][0]["reason"] == "NOT_DECIDED"
    entries = (await site.get(f"/v1/sessions/{ANI}/audit"))["entries"]
    assert ("Ani", "contested") in [(e["actor"], e["action"]) for e in entries]


async def test_the_link_works_after_its_end_but_not_once_it_was_withdrawn(
    invited: tuple[Site, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, token, _ = invited
    async with site.orchestrator._store.transaction() as db:
        await db.execute(text("UPDATE links SET expires_at = '2026-01-01 00:00:00+00:00'"))
    assert (await under(site, token)).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    assert (await site.client.get("/v1/upload-link", headers=headers)).status_code == 401
    [job] = (await site.get("/v1/jobs"))["jobs"]
    await site.post(f"/v1/jobs/{job['job_id']}/invitations/{ANI}:revoke")
    monkeypatch.setattr("gateway.access.believed.KEPT_S", 0.0)
    assert (await under(site, token)).status_code == 401
    assert (await under(site, f"{token[:-4]}AAAA")).status_code == 401


async def test_the_link_of_a_deleted_session_says_so_and_not_that_somebody_withdrew_it(
    invited: tuple[Site, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, token, _ = invited
    receipts = Receipts(site.orchestrator._store)
    await receipts.expect(ANI, [])
    await receipts.delete(ANI, signer())
    await forget(site.orchestrator._store, ANI)
    monkeypatch.setattr("gateway.access.believed.KEPT_S", 0.0)
    for path in ("/v1/upload-link", "/v1/upload-link/feedback"):
        gone = await site.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert (gone.status_code, gone.json()["error"]["details"][0]["reason"]) == (410, "SESSION_DELETED")


async def test_nothing_is_shown_before_the_hand_in(site: Site) -> None:
    job_id = await site.job()
    token = await site.token((await site.invited(job_id))[0])
    assert (await under(site, token)).status_code == 401


async def test_blind_reviewers_see_no_letter_before_they_have_rated(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True) as site:
        made = await site.orchestrator.administration.CreateApiKey(
            keys_pb.CreateApiKeyRequest(name="Rina", scopes=["review"]), None
        )
        await published(site, tmp_path, blind=True)
        headers = {"Authorization": f"Bearer {made.secret}"}
        asked = (("POST", f"{LETTER}:draft"), ("POST", f"{LETTER}:send"), ("GET", LETTER), ("GET", f"{LETTER}.pdf"))
        for method, path in asked:
            response = await site.client.request(method, path, json={"way": "by_hand", "revision": 1}, headers=headers)
            assert (response.status_code, "blind" in response.text) == (400, True), path


async def test_the_letter_by_client_and_command(site: Site, tmp_path: Path) -> None:
    url, written, printed = str(site.client.base_url), tmp_path / "letter.txt", tmp_path / "letter.pdf"

    def ran(*words: str) -> Any:
        return CliRunner().invoke(app, ["letter", ANI, *words, "--url", url, "--reviewer", "Rina"])

    drafted = await asyncio.to_thread(ran)
    assert (drafted.exit_code, "Halo Ani," in drafted.stdout) == (0, True)  # in the session's language
    assert "between [[ and ]]" in drafted.stderr
    refused = await asyncio.to_thread(ran, "--by-hand")
    assert (refused.exit_code, "not finished" in refused.stderr) == (1, True)
    written.write_text(f"Hello Ani,\n\n{SAID}. You said “no such words”.", "utf-8")
    changed = await asyncio.to_thread(ran, "--text", str(written), "--pdf", str(printed))
    assert "Not in the transcript: “no such words”" in changed.stderr
    assert printed.read_bytes().startswith(b"%PDF-")
    sent = await asyncio.to_thread(ran, "--by-hand")
    assert (SAID in sent.stdout, "Sent by Rina" in sent.stderr) == (True, True)
    async with AsyncInterviewClient(url) as client:
        letter = await client.letter(ANI)
        assert letter is not None
        assert (letter.state, letter.way, letter.revision) == ("sent", "by_hand", 3)
        with pytest.raises(InterviewError, match="has been sent"):
            await client.edit_letter(ANI, "Other words.", letter.revision, "Rina")
