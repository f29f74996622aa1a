"""The PDF report of a recorded result."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.published import Result
from gateway.report import printout
from gateway.report.printout import data_uri, html, pdf
from gateway.report.texts import table
from gateway.report.view import Files, view, wanted_files
from gateway.sessions.wire import session_body
from servicekit.errors import storage_down
from servicekit.wire import media_message
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.page_marks import FINDINGS
from tests.support.recorded import ID, RECORDED, RESULT, rated_result, recorded_session


def shown(result: dict[str, Any] = RESULT, language: str = "en") -> dict[str, Any]:
    timelines, stills = wanted_files(Result.model_validate(RESULT))
    files = Files(
        {name: json.loads((RECORDED / name).read_text()) for name in timelines},
        {name: data_uri("image/jpeg", (RECORDED / name).read_bytes()) for name in stills},
    )
    return view(Result.model_validate(result), session_body(recorded_session(), "http://x"), files, language)


def changed(**answer: Any) -> dict[str, Any]:
    """The recorded result with another first answer."""
    result = copy.deepcopy(RESULT)
    result["content"][0]["result"] |= answer
    return result


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        yield running


async def published(gateway: RunningGateway) -> None:
    session = recorded_session()
    content = json.dumps(RESULT).encode()
    session.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(session)


async def test_the_report_is_a_pdf_that_can_be_kept(gateway: RunningGateway) -> None:
    await published(gateway)
    response = await gateway.client.get(f"/v1/sessions/{ID}/report.pdf")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    assert "filename*=UTF-8''Sample%20Candidate" in response.headers["content-disposition"]
    assert response.content.startswith(b"%PDF-")


async def test_a_report_that_lacks_evidence_says_so_and_is_not_kept(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(gateway)
    read, printed = gateway.store.read, list[str]()

    async def away(uri: str) -> bytes:
        if "/sessions/" in uri:
            raise storage_down("object store")
        return await read(uri)

    monkeypatch.setattr(gateway.store, "read", away)

    def printing(seen: Any) -> bytes:
        printed.append(html(seen))
        return b"%PDF-"

    monkeypatch.setattr("gateway.report.routes.pdf", printing)
    response = await gateway.client.get(f"/v1/sessions/{ID}/report.pdf", timeout=60)
    assert (response.status_code, response.headers["cache-control"], response.headers.get("etag")) == (
        200, "no-store", None,
    )  # fmt: skip
    timelines, stills = wanted_files(Result.model_validate(RESULT))
    assert f"{len({*timelines, *stills})} pictures or timelines could not be read" in printed[0]
    monkeypatch.setattr(gateway.store, "read", read)
    gone = await gateway.client.get(f"/v1/sessions/{ID}/report.pdf", timeout=60)
    assert "could not be read" not in printed[1]
    assert "etag" in gone.headers


async def test_no_report_without_a_result_or_in_another_language(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(recorded_session())
    early = await gateway.client.get(f"/v1/sessions/{ID}/report.pdf")
    assert (early.status_code, early.json()["error"]["details"][0]["reason"]) == (400, "NO_RESULT")
    assert (await gateway.client.get(f"/v1/sessions/{'f' * 32}/report.pdf")).status_code == 404
    assert (await gateway.client.get(f"/v1/sessions/{ID}/report.pdf?language=fr")).status_code == 400


def test_both_languages_say_the_same_things() -> None:
    english, indonesian = table("en"), table("id")
    assert english.keys() == indonesian.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", indonesian[key])), key
    assert "Yang diucapkan" in html(shown(language="id"))


def test_figures_evidence_and_models_are_there() -> None:
    text = html(shown())
    assert ">Pass<" in text
    assert "Nobody has decided yet." in text
    first = RESULT["content"][0]["result"]
    assert first["evidence"]["ratings"][2]["quote"] in text
    assert first["evidence"]["findings"][0]["explanation"] in text
    assert first["provenance"]["transcriber"]["sha256"][:16] in text
    assert "cannot be read as video" in text
    assert text.count("<svg") > len(RESULT["content"])


def test_what_a_candidate_says_is_text_and_fetches_nothing() -> None:
    hostile = '<img src="file:///etc/passwd"><script>x</script>'
    result = changed(transkripsi_id=hostile)
    result["name"] = result["content"][0]["question"] = hostile
    found = shown(result)
    text = html(found)
    assert "<script" not in text
    assert "file:///etc/passwd&#34;&gt;" in text


def test_no_file_is_fetched_even_where_markup_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = RECORDED / "0/stills/4.jpg"
    drawn = {}
    for source in (data_uri("image/jpeg", picture.read_bytes()), picture.as_uri()):
        monkeypatch.setattr(printout, "html", lambda _view, source=source: f'<img src="{source}">')
        drawn[source[:5]] = b"/Image" in pdf(shown())
    assert drawn == {"data:": True, "file:": False}


def test_the_report_has_one_final_score() -> None:
    """Of 79 and 80 a result of an earlier version says 80 beside a total of 79.5."""
    result = copy.deepcopy(RESULT)
    result["llm_results"] |= {"avg_total_llm": 80, "final_score_llm": 80.0}
    result["decision_proposal"] |= {"total": 79.5, "interview_score": 79.5}
    text = html(shown(result))
    assert text.count("<b>79.5</b>") == 3
    assert "<b>80" not in text


def test_unmeasured_and_unscored_answers_are_said_to_be_so() -> None:
    result = changed(non_verbal_confidence=None, evidence=RESULT["content"][0]["result"]["evidence"] | {"ratings": []})
    result["content"][0]["result"]["penilaian"] = {"not_scored_reason": "No speech was found."}
    text = html(shown(result))
    assert "Expression was not measured under this policy." in text
    assert "Not rated: No speech was found." in text


def test_scores_are_printed_with_interval_and_influence_and_the_rest_is_to_be_rated_by_hand() -> None:
    result = rated_result()
    text = html(shown(result))
    assert "<b>91 (79–97)</b>" in text
    assert "<b>92 (81–97)</b>" in text
    assert "Total of 100: <b>92 (81–97)</b>" in text
    assert "Scores range from 1 to 100." in text
    assert "without it: 9 points less" in text
    assert "<b>Please rate by hand.</b> The sentences point both ways." in text
    assert "How did you notice it?" in text
    assert "<li>what you learned</li>" in text
    quoted = result["content"][1]["result"]["evidence"]["ratings"][0]["quote"]
    assert quoted in text
    assert "Mohon dinilai secara manual." in html(shown(result, "id"))
    assert pdf(shown(result)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (9.4, "9 points less"), (1.2, "1 point less"), (0.4, "about the same"), (-0.4, "about the same"),
        (-1.0, "1 point more"), (-3.0, "3 points more"),
    ],
)  # fmt: skip
def test_influence_is_said_in_words(points: float, words: str) -> None:
    result = rated_result()
    result["content"][0]["result"]["evidence"]["ratings"][2]["influence"] = points
    assert f"without it: {words}" in html(shown(result))


def test_a_very_long_answer_is_printed_whole() -> None:
    result = copy.deepcopy(RESULT)
    transcript = result["content"][0]["result"]["evidence"]["transcript"]
    transcript["segments"] = transcript["segments"] * 120
    assert len(pdf(shown(result))) > len(pdf(shown()))


@pytest.mark.parametrize(
    ("language", "paused", "not_measured"), [("en", "Paused", "Not measured"), ("id", "Dijeda", "Tidak diukur")]
)
def test_what_the_page_noted_stands_in_the_report(language: str, paused: str, not_measured: str) -> None:
    result = changed()
    evidence = result["content"][0]["result"]["evidence"]
    evidence["findings"] = FINDINGS
    evidence["signals"] = {"measured": ["page_left"], "not_measured": ["paste"]}
    printed = html(shown(result, language))
    assert f"<b>{paused}</b> 0:12 ·" in printed
    assert "Paused for 14 s" in printed
    assert not_measured in printed
    assert not_measured not in html(shown(changed(), language))
