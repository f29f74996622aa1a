"""From upload through review and objection, and what a strict policy leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from interview_client import InterviewClient
from local.system import LocalSystem
from tests.integration.sessions import sample_answer, wait

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.fixture(scope="module")
def session_id(client: InterviewClient) -> str:
    """A session under the European policy, rated for a software role."""
    answer = sample_answer(0)
    found = client.submit(
        "Candidate", [answer], "en", consent_reference="form 7", project_score=90.0, policy="eu", rubric="software"
    )
    wait(client, found)
    return found


@pytest.fixture
def rest(system: LocalSystem) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.url, timeout=None) as opened:
        yield opened


def test_a_policy_that_requires_consent_refuses_a_session_without(client: InterviewClient, rest: httpx.Client) -> None:
    form = {"candidate_name": "A", "language": "en", "question": '["Why?"]', "policy": "eu"}
    answer = sample_answer(0)
    refused = rest.post("/upload", data=form, files={"videos": ("a.mp4", answer.path.read_bytes())})
    assert refused.status_code == 400
    assert "consent" in refused.json()["error"]


def test_a_strict_policy_measures_no_expression_and_keeps_no_voice(
    client: InterviewClient, system: LocalSystem, session_id: str
) -> None:
    result = client.results(session_id)
    block = result["content"][0]["result"]
    assert block["non_verbal_confidence_score"] is None
    assert all(v in (None, False) for part in block["non_verbal_analysis"].values() for v in part.values())
    stored = {p.name for p in (system.state / "objects" / "sessions" / session_id).rglob("*")}
    assert "transcript.json" in stored
    assert not stored & {"voice.json", "face.json"}
    assert block["evidence"]["blinks"] == []
    assert result["metadata"]["policy"]["name"] == "eu"


def test_policies_and_rubrics_to_choose_from(rest: httpx.Client) -> None:
    policies = {p["name"]: p for p in rest.get("/v1/policies").json()["policies"]}
    assert (policies["default"]["is_default"], policies["eu"]["requires_consent"]) == (True, True)
    rubrics = {r["name"]: r for r in rest.get("/v1/rubrics").json()["rubrics"]}
    assert rubrics["default"]["is_default"]
    assert sum(c["weight"] for c in rubrics["software"]["criteria"]) == pytest.approx(1, abs=0.001)


def test_the_answer_is_rated_by_the_rubric_asked_for(client: InterviewClient, session_id: str) -> None:
    evidence = client.results(session_id)["content"][0]["result"]["evidence"]
    assert [r["criterion"] for r in evidence["ratings"]][3:] == ["technical_accuracy", "own_work"]


def test_a_rubric_that_does_not_exist_is_refused(rest: httpx.Client) -> None:
    form = {"candidate_name": "A", "language": "en", "question": '["Why?"]', "rubric": "astrology"}
    refused = rest.post("/upload", data=form, files={"videos": ("a.mp4", sample_answer(0).path.read_bytes())})
    assert refused.status_code == 400
    assert "customer_service, default, software" in refused.json()["error"]


def test_every_figure_of_the_proposal_has_its_terms(client: InterviewClient, session_id: str) -> None:
    result = client.results(session_id)
    found = result["decision_proposal"]
    assert [t["name"] for t in found["terms"]] == ["answer 1", "project"]
    assert sum(t["points"] for t in found["terms"]) == pytest.approx(found["total"], abs=0.01)
    assert found["terms"][0]["value"] == result["content"][0]["result"]["answer_score"]["score"]
    assert found["reasons"]


def test_only_who_has_looked_decides_and_an_objection_opens_it_again(rest: httpx.Client, session_id: str) -> None:
    address = f"/v1/sessions/{session_id}"
    decision: dict[str, Any] = {"reviewer": "Rina", "decision": "pass", "reason": "A clear example."}
    early = rest.post(f"{address}/reviews", json=decision)
    assert early.json()["error"]["details"][0]["reason"] == "EVIDENCE_NOT_OPENED"
    evidence = rest.get(f"{address}/answers/0/evidence", params={"reviewer": "Rina"}).raise_for_status().json()
    assert evidence["result"]["evidence"]["transcript"]["segments"]
    decided = rest.post(f"{address}/reviews", json=decision).raise_for_status().json()
    assert (decided["review_state"], decided["review"]["decision"]) == ("decided", "pass")
    assert decided["review"]["proposal"] in ("pass", "consider", "fail")
    objection = {"actor": "Candidate", "objection": "My second example was left out."}
    contested = rest.post(f"{address}/contests", json=objection).raise_for_status().json()
    assert contested["review_state"] == "contested"
    assert rest.post(f"{address}/reviews", json=decision).status_code == 400
    rest.get(f"{address}/answers/0/evidence", params={"reviewer": "Budi"}).raise_for_status()
    again = {"reviewer": "Budi", "decision": "consider", "reason": "Seen again."}
    assert rest.post(f"{address}/reviews", json=again).raise_for_status().json()["review"]["reviewer"] == "Budi"
    audit = rest.get(f"{address}/audit").raise_for_status().json()
    actions = [(e["actor"], e["action"]) for e in audit["entries"]]
    # The result is published again with its translation, in the middle of what people do.
    later = [n for n, action in enumerate(actions) if action == ("system", "published")][1:]
    assert len(later) == 1
    del actions[later[0]]
    assert actions == [
        ("system", "submitted"), ("system", "published"), ("Rina", "evidence_opened"), ("Rina", "decided"),
        ("Candidate", "contested"), ("Budi", "evidence_opened"), ("Budi", "decided"),
    ]  # fmt: skip
    assert [r["decision"] for r in audit["reviews"]] == ["pass", "consider"]
