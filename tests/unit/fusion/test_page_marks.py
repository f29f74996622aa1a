"""What a candidate's page noted is shown, and counts for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestrator.evidence import PageMark, PageNotes
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.published.headline import headline
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value, to_json
from orchestrator.sessions.page import SIGNALS
from tests.support import evidence as made

AT = datetime(2026, 1, 1, tzinfo=UTC)
NOTES = PageNotes(
    marks=(
        PageMark("pause", 12.0, 12.0, 14.2),
        PageMark("page_left", 2.0, 9.5, 7.5),
        PageMark("second_screen", 0.0),
        PageMark("paste", 5.0, 5.0, 0.0),
        PageMark("device_change", 6.0, 6.0, 0.0),
        PageMark("of a later release", 1.0, 2.0, 1.0),
    ),
    measured=SIGNALS,
)


def published(notes: PageNotes | None) -> tuple[dict[str, Any], bytes]:
    result = session_result(made.session(made.answer(page=notes), made.answer(index=1, page=notes)), None, AT)
    return json_value(result), to_json(result)


def test_a_pause_stands_at_its_moment_with_how_long_it_took() -> None:
    answer = made.answer(page=PageNotes((PageMark("pause", 12.0, 12.0, 74.2),)))
    [found] = [finding for finding in findings(answer) if finding.type == "paused"]
    assert (found.start_s, found.end_s, found.strength, found.severity) == (12.0, 12.0, 74.2, "info")
    assert "1 min 14 s" in found.explanation


def test_a_page_that_was_lost_while_paused_is_told() -> None:
    answer = made.answer(page=PageNotes((PageMark("pause", 12.0),)))
    [found] = [finding for finding in findings(answer) if finding.type == "paused"]
    assert (found.start_s, found.end_s) == (12.0, 12.0)
    assert "the recording ends there" in found.explanation


def test_what_had_not_ended_lasts_until_the_recording_ends() -> None:
    answer = made.answer(page=NOTES)
    found = {finding.type: finding for finding in findings(answer)}
    assert {"paused", "page_left", "second_screen", "pasted", "device_changed"} <= found.keys()
    assert found["second_screen"].end_s == answer.duration_s
    assert (found["page_left"].start_s, found["page_left"].end_s) == (2.0, 9.5)
    assert all(found[kind].innocent_explanation for kind in found)


def test_nothing_of_it_counts() -> None:
    noted, content = published(NOTES)
    plain, plain_content = published(None)
    assert headline(content) == headline(plain_content)
    for with_notes, without in zip(noted["content"], plain["content"], strict=True):
        evidence, other = with_notes["result"]["evidence"], without["result"]["evidence"]
        assert {finding["severity"] for finding in evidence["findings"]} - {"info"} == set()
        assert len(evidence["findings"]) == len(other["findings"]) + 5
        assert (evidence.pop("signals"), other.pop("signals")) == (
            {"measured": list(SIGNALS), "not_measured": []},
            None,
        )
        evidence["findings"] = other["findings"]
    assert noted == plain  # scores, verdicts, measures, the proposal and everything else


def test_what_the_browser_could_not_tell_is_said() -> None:
    noted, _ = published(PageNotes(measured=("paste",), not_measured=("second_screen",)))
    assert noted["content"][0]["result"]["evidence"]["signals"]["not_measured"] == ["second_screen"]
