from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interview_client.cli import app
from interview_client.cli.reviews import explained_refusal
from interview_client.errors import InterviewError
from tests.support.rest import (
    SESSION_ID,
    ScriptedRest,
    closed_port,
    completed,
    failed,
    rest_server,
    running,
    stage,
    video,
)
from tests.unit.client.example import result

RUNNING = running(video(0, "running", stage("watch", "running")), video(1, "pending"))
DONE = completed(video(0, "completed", stage("watch", "completed", 1.2)), video(1, "completed"))
BROKEN = {"reason": "MEDIA_UNREADABLE", "message": "Video 1 cannot be decoded."}
FAILED = failed("No answer could be used.", video(0, "failed", error=BROKEN), video(1, "failed", error=BROKEN))


@pytest.fixture
def script() -> ScriptedRest:
    scripted = ScriptedRest([DONE], [RUNNING, DONE])
    scripted.result = result()
    return scripted


@pytest.fixture
def url(script: ScriptedRest) -> Iterator[str]:
    with rest_server(script) as url:
        yield url


@pytest.fixture
def recordings(tmp_path: Path) -> list[str]:
    paths = [tmp_path / "a.mp4", tmp_path / "b.webm"]
    for path in paths:
        path.write_bytes(b"recording")
    return [str(path) for path in paths]


def _run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(
        app, arguments, input=answer, env={"COLUMNS": "200", "NO_COLOR": "1", "FORCE_COLOR": None}
    )


def _assess(url: str, *arguments: str) -> Result:
    return _run("assess", *arguments, "--name", "Siti", "--language", "id", "--url", url)


def test_assess_submits_follows_and_sums_up(
    script: ScriptedRest, url: str, recordings: list[str], tmp_path: Path
) -> None:
    ran = _assess(url, *recordings, "-q", "Apa?", "-q", "Why?", "--json", str(tmp_path / "out.json"))
    assert ran.exit_code == 0, ran.output
    assert script.form == {
        "candidate_name": ["Siti"],
        "language": ["id"],
        "questions": ["Apa?", "Why?"],
        "videos": ["a.mp4", "b.webm"],
    }
    lines = ran.stdout.splitlines()
    assert lines[2:6] == [
        f"Session {SESSION_ID}",
        "Processing video 1/2...",
        "Answer 1: watch started",
        "Processed.",
    ]
    assert "A human decides." in lines
    assert f"Page: {url}/halaman_dasboard.html?session={SESSION_ID}" in lines
    assert json.loads((tmp_path / "out.json").read_text()) == result()


def test_json_on_standard_output_is_alone_there(url: str, recordings: list[str]) -> None:
    ran = _assess(url, recordings[0], "-q", "Apa?", "--json", "-")
    assert json.loads(ran.stdout) == result()
    assert f"Session {SESSION_ID}" in ran.stderr


def test_an_id_without_a_zip_file_is_no_file_of_all_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["export", "a" * 32])
    assert (done.exit_code, "add -o FILE.zip" in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_no_wait_ends_with_the_id(script: ScriptedRest, url: str, recordings: list[str]) -> None:
    ran = _assess(url, recordings[0], "-q", "Apa?", "--no-wait")
    assert ran.exit_code == 0
    assert f"interview status --follow {SESSION_ID}" in ran.stdout
    assert script.requests == []


def test_urls_are_downloaded_by_the_system(script: ScriptedRest, url: str) -> None:
    assert _assess(url, "https://example.org/a.mp4", "-q", "Apa?", "--no-wait").exit_code == 0
    [interview] = script.body["interviews"]
    assert (interview["positionId"], interview["recordedVideoUrl"]) == (1, "https://example.org/a.mp4")


def test_interview_file_is_submitted(script: ScriptedRest, url: str, recordings: list[str], tmp_path: Path) -> None:
    answers = [
        {"file": "a.mp4", "question": "Why?", "language": "en"},
        {"file": "b.webm", "question": "Apa?", "language": "id"},
    ]
    described = tmp_path / "interview.json"
    described.write_text(json.dumps({"candidate_name": "Sample Candidate", "answers": answers}))
    ran = _run("assess", "--from", str(described), "--url", url, "--no-wait")
    assert ran.exit_code == 0, ran.output
    assert script.form["candidate_name"] == ["Sample Candidate"]
    assert script.form["answer_language"] == ["en", "id"]
    assert _run("assess", recordings[0], "--from", str(described), "--url", url).exit_code == 2


def test_interrupted_following_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, url: str, recordings: list[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("interview_client.cli.assess.follow", interrupted)
    ran = _assess(url, recordings[0], "-q", "Apa?")
    assert ran.exit_code == 130
    assert f"The work goes on. Follow it again with: interview status --follow {SESSION_ID}" in ran.stdout


def test_failed_session_is_told_and_ends_with_1(script: ScriptedRest, url: str, recordings: list[str]) -> None:
    script.event_statuses = [RUNNING, FAILED]
    ran = _assess(url, *recordings, "-q", "1?", "-q", "2?")
    assert ran.exit_code == 1
    assert ran.stdout.count("failed: Video 1 cannot be decoded.") == 2
    assert "The session failed: No answer could be used." in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{a}", "-q", "1?", "-q", "2?"], "The number of questions (2) must match the number of recordings (1)"),
        (["gone.mp4", "-q", "1?"], "There is no file gone.mp4."),
        (["{a}", "-q", "1?", "--language", "fr"], "Unknown language fr. Give --language en or --language id."),
        (["{a}", "-q", "1?", "--language", ""], "Which language is spoken?"),
        (["{a}", "-q", " "], "Question 1 is empty"),
        (["{a}", "-q", "1?", "--name", " "], "Give the candidate's name with --name."),
        (["{a}", "-q", "1?", "--json", "no/such/folder/out.json"], "There is no folder no/such/folder."),
        ([], "Give at least one recording"),
    ],
)
def test_bad_usage_says_what_to_do_and_ends_with_2(recordings: list[str], arguments: list[str], words: str) -> None:
    options = ["--name", "Siti", "--language", "en", "--url", "http://127.0.0.1:1"]
    ran = _run("assess", *options, *(argument.replace("{a}", recordings[0]) for argument in arguments))
    assert ran.exit_code == 2
    assert words in " ".join(ran.stderr.replace("│", " ").split())


def test_refused_connection_is_told_and_ends_with_1() -> None:
    with closed_port() as port:
        ran = _run("status", SESSION_ID, "--url", f"http://127.0.0.1:{port}")
    assert ran.exit_code == 1
    assert ran.stderr == (
        f"Error: Cannot reach http://127.0.0.1:{port}: is the system running? Start it with `make run`.\n"
    )


def test_status_shows_a_table_or_follows(script: ScriptedRest, url: str) -> None:
    script.statuses = [FAILED]
    shown = _run("status", SESSION_ID, "--url", url)
    assert shown.exit_code == 0
    assert "Answer 1: failed: Video 1 cannot be decoded." in shown.stdout
    followed = _run("status", SESSION_ID, "--follow", "--url", url)
    assert followed.exit_code == 0
    assert "Answer 1: watch done in 1.2 s" in followed.stdout
    assert "Session not found" in _run("status", "0" * 32, "--url", url).stderr


def test_results_are_summed_up_or_written(url: str, tmp_path: Path) -> None:
    assert "A human decides." in _run("results", SESSION_ID, "--url", url).stdout
    ran = _run("results", SESSION_ID, "--json", str(tmp_path), "--url", url)
    assert ran.exit_code == 1
    assert f"Error: Cannot write {tmp_path}: Is a directory." in ran.stderr


def test_list_cancel_and_delete(script: ScriptedRest, url: str) -> None:
    assert "Siti [bold]Rahma" in _run("list", "--url", url).stdout
    assert f"Session {SESSION_ID} is cancelled." in _run("cancel", SESSION_ID, "--url", url).stdout
    assert _run("delete", SESSION_ID, "--url", url, answer="n\n").exit_code == 1
    assert script.deleted == []
    assert "(7 stored objects)" in _run("delete", SESSION_ID, "--yes", "--url", url).stdout
    assert script.deleted == [SESSION_ID]


def test_a_decision_without_evidence_says_how_to_look() -> None:
    error = InterviewError("Open the evidence of answers 0, 1 first.", 400, "EVIDENCE_NOT_OPENED")
    explained = explained_refusal(error, SESSION_ID)
    assert explained.message.endswith(f"interview evidence {SESSION_ID} ANSWER")
    assert explained_refusal(InterviewError("No.", 403, "SCOPE_MISSING"), SESSION_ID).message == "No."
