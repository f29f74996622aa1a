"""The `interview` command against the real gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from typer.testing import CliRunner, Result

from interview_client.cli import app
from servicekit.wire import media_message
from tests.contract.gateway.test_answers import publish
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import ID, RESULT
from tests.support.waiting import until

ENVIRONMENT = {"COLUMNS": "200", "NO_COLOR": "1", "FORCE_COLOR": None, "INTERVIEW_REVIEWER": None}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "store") as running:
        yield running


async def run(gateway: RunningGateway, *arguments: str, **environment: str) -> Result:
    """What the command does; the gateway's log lines, of the same process, stand before what it prints."""
    url = f"http://127.0.0.1:{gateway.port}"
    given = ENVIRONMENT | {"INTERVIEW_URL": url} | environment
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=given)


async def test_a_submission_with_everything_about_it_starts_once(gateway: RunningGateway, tmp_path: Path) -> None:
    recording = tmp_path / "a.mp4"
    recording.write_bytes(b"recording")
    arguments = (
        "assess", str(recording), "-q", "Why?", "--name", "Siti", "-l", "id", "--no-wait", "--policy", "eu",
        "--rubric", "software", "--consent", "C-1", "--project-score", "80.5", "--webhook-url", "https://hr.example/t",
        "--idempotency-key", "application 7",
    )  # fmt: skip
    for _ in range(2):
        ran = await run(gateway, *arguments)
        assert ran.exit_code == 0, ran.output
    created = gateway.orchestrator.created[0]
    assert (created.policy, created.rubric, created.consent_reference) == ("eu", "software", "C-1")
    assert (created.project_score, created.webhook_url) == (80.5, "https://hr.example/t")
    assert len(gateway.orchestrator.sessions) == 1
    assert (await run(gateway, *arguments, "--project-score", "101")).exit_code == 2


@pytest.mark.parametrize("quiet", [False, True])
async def test_an_assessment_tells_what_it_knows_as_it_comes(
    gateway: RunningGateway, tmp_path: Path, quiet: bool
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"recording")
    arguments = ["assess", str(tmp_path / "a.mp4"), "-q", "Why?", "--name", "Siti", "-l", "id"]
    running = asyncio.create_task(run(gateway, *arguments, *(["--quiet"] if quiet else [])))
    await until(lambda: gateway.orchestrator.watching)
    [session] = gateway.orchestrator.sessions.values()
    said = {"segments": [{"text": "Karena saya suka."}], "language": "id", "quality": "good", "quality_reason": ""}
    folder = f"sessions/{session.session_id}/0"
    await gateway.store.write(f"{folder}/transcript.json", json.dumps(said).encode())
    transcribed = pb.Session()
    transcribed.CopyFrom(session)
    transcribed.answers[0].stages.add(name="transcribe", state=pb.STAGE_STATE_COMPLETED)
    gateway.orchestrator.put(transcribed)
    ended = pb.Session()
    ended.CopyFrom(transcribed)
    ended.state = pb.SESSION_STATE_COMPLETED
    content = json.dumps(RESULT).encode()
    ended.result.CopyFrom(media_message(await gateway.store.write(f"results/{session.session_id}.json", content)))
    await until(lambda: quiet or gateway.orchestrator.looked_at)
    gateway.orchestrator.put(ended)
    ran = await running
    assert ran.exit_code == 0, ran.output
    assert ("Answer 1: “Karena saya suka.”" in ran.stdout) is not quiet
    assert ("Seconds since submission: first words" in ran.stdout) is not quiet
    assert "A human decides." in ran.stdout


async def test_sessions_are_found_and_exported(gateway: RunningGateway, tmp_path: Path) -> None:
    await publish(gateway)
    gateway.orchestrator.put(pb.Session(session_id="0" * 32, candidate_name="Budi", state=pb.SESSION_STATE_RUNNING))
    assert "Budi" in (await run(gateway, "list")).stdout
    assert "Budi" not in (await run(gateway, "list", "--q", "sample")).stdout
    assert "Budi" not in (await run(gateway, "list", "--limit", "1", "--state", "completed")).stdout
    wrong = await run(gateway, "list", "--state", "asleep")
    assert (wrong.exit_code, "'asleep' is not one of" in wrong.stderr) == (2, True)
    written = await run(gateway, "export", str(tmp_path / "sessions.csv"), "--state", "completed")
    assert written.exit_code == 0, written.output
    assert len((tmp_path / "sessions.csv").read_text().splitlines()) == 2


async def test_report_transcript_and_findings(gateway: RunningGateway, tmp_path: Path) -> None:
    await publish(gateway)
    printed = await run(gateway, "report", ID, str(tmp_path / "out.pdf"), "--language", "id")
    assert printed.stdout.endswith(f"PDF: {tmp_path / 'out.pdf'}\n")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    spoken = await run(gateway, "transcript", ID, "1", "--format", "vtt")
    assert "WEBVTT\n" in spoken.stdout
    missing = await run(gateway, "transcript", ID, "9")
    assert (missing.exit_code, "There is no transcript of this answer" in missing.stderr) == (1, True)
    assert (await run(gateway, "transcript", ID, "0")).exit_code == 2
    found = await run(gateway, "findings", ID)
    assert "Answer 1: 00:13–00:15 looking away (info): Head or eyes are turned left" in found.stdout
    assert (await run(gateway, "findings", ID, "--severity", "serious")).stdout.endswith("No findings.\n")


async def test_a_named_person_looks_and_decides(gateway: RunningGateway) -> None:
    await publish(gateway)
    decide = ("review", ID, "--decision", "pass", "--reason", "Clear.")
    nobody = await run(gateway, *decide)
    assert (nobody.exit_code, "Give your name with --reviewer" in nobody.stderr) == (2, True)
    looked = await run(gateway, "evidence", ID, "1", INTERVIEW_REVIEWER="Rina")
    assert "payment service" in looked.stdout
    assert [(e.actor, e.answer_index) for e in gateway.orchestrator.entries] == [("Rina", 0)]
    decided = await run(gateway, *decide, "--reviewer", "Rina")
    assert decided.stdout.endswith(f"\nRina decided: pass. Session {ID} is decided.\n")


async def test_who_is_signed_in_need_not_say_so(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "store", sign_in=True) as gateway:
        gateway.orchestrator.keys["ias_rina"] = pb.ApiKey(key_id="0" * 16, name="Rina", scopes=["review"])
        await publish(gateway)
        ran = await run(gateway, "evidence", ID, "2", "--reviewer", "Somebody else", INTERVIEW_API_KEY="ias_rina")
        assert ran.exit_code == 0, ran.output
        assert gateway.orchestrator.entries[0].actor == "Rina"
        refused = await run(gateway, "link", "Siti", "-q", "Why?", "-l", "en", INTERVIEW_API_KEY="ias_rina")
        assert (refused.exit_code, "scope submit" in refused.stderr) == (1, True)


async def test_links_and_choices(gateway: RunningGateway) -> None:
    options = ["--policy", "eu", "--hours", "2", "--audio-only", "--pauses", "1", "--signal", "paste"]
    made = await run(gateway, "link", "Siti", "-q", "Why?", "-q", "Apa?", "-l", "id", *options)
    assert made.exit_code == 0, made.output
    token = made.stdout.strip().splitlines()[-1].partition("/candidate.html#")[2]
    opened = await gateway.client.get("/v1/upload-link", headers={"Authorization": f"Bearer {token}"})
    assert [(asked["text"], asked["pauses"]) for asked in opened.json()["questions"]] == [("Why?", 1), ("Apa?", 1)]
    assert (opened.json()["audio_only"], opened.json()["signals"]) == (True, ["paste"])
    assert "For Siti, until " in made.stderr
    listed = await run(gateway, "policies")
    assert [word in listed.stdout for word in ("eu", "required", "Stricter.")] == [True] * 3
    assert "quality 67 %" in (await run(gateway, "rubrics")).stdout
