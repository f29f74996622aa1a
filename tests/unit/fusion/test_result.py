from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestrator.evidence import AnswerFlag, Evaluation, Recording, StageReport, Unscored
from orchestrator.fusion.aggregate import aggregate_verdict, performance_status
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value
from orchestrator.fusion.transcript import quote_span, segment_confidence
from servicekit.wire import Span, Track
from tests.support import evidence as made

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "result.schema.json").read_text())
GOLDEN = ROOT / "tests" / "testdata" / "result_golden.json"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FAILED = StageReport("failed", 1.0, "UPSTREAM_DOWN", "The service does not answer.")


def result(*answers: Any, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_value(session_result(made.session(*answers, **changes), made.summary(), AT))
    return found


COUNTED = replace(made.attribution(), backend="rules")


def sure() -> Evaluation:
    ratings = [replace(r, low=r.score - 8, high=r.score + 8.26, influence=9.04) for r in made.evaluation().ratings]
    return replace(
        made.evaluation(72.6), ratings=tuple(ratings), total_low=64.4, total_high=80.5,
        follow_up_question="How much quicker was it?", missing=("what you learned",), gap="result",
    )  # fmt: skip


def unsure() -> Evaluation:
    flags = (AnswerFlag("answer_addresses_the_judge", "adding an index"),)
    return replace(sure(), unscored=Unscored("unsure", "The sentences point both ways."), total=0.0, flags=flags)


def variants() -> dict[str, Any]:
    stages = made.answer().stages
    return {
        "complete": made.answer(),
        "no picture": made.answer(vision=None, timeline="", stages={**stages, "watch": FAILED}),
        "no sound": made.answer(
            transcript=None, audio=None, evaluation=None, translation=None, stages={**stages, "transcribe": FAILED}
        ),
        "not judged": made.answer(evaluation=None, translation=None, stages={**stages, "evaluate": FAILED}),
        "sure": made.answer(evaluation=sure()),
        "unsure": made.answer(evaluation=unsure()),
        "counted": made.answer(evaluation=replace(made.evaluation(), attribution=COUNTED)),
        "unreadable": made.answer(
            transcript=None, vision=None, audio=None, evaluation=None, translation=None, duration_s=None, stages={},
            error_reason="MEDIA_UNREADABLE", error_message="The file cannot be read.",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", variants())
def test_every_result_fits_the_schema_and_json(name: str) -> None:
    whole = result(variants()[name], made.answer(position_id=2))
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    json.dumps(whole, allow_nan=False)


def test_the_result_is_what_it_was() -> None:
    whole = result(made.answer(), variants()["unreadable"])
    # Compared as text: the order of keys and 73 or 73.0 are part of what others read.
    assert json.dumps(whole) == json.dumps(json.loads(GOLDEN.read_text()))


def test_one_lost_video_leaves_the_others() -> None:
    whole = result(variants()["unreadable"], made.answer(position_id=2))
    assert whole["success"]
    assert whole["metadata"]["successful_videos"] == 1
    assert whole["content"][0]["result"]["error"]["reason"] == "MEDIA_UNREADABLE"
    assert whole["content"][1]["result"]["penilaian"]["total"] == 73


def test_nothing_usable_is_no_success() -> None:
    assert not result(variants()["unreadable"])["success"]


def test_the_source_is_never_shown_as_its_translation() -> None:
    block = result(made.answer(translation=None))["content"][0]["result"]
    assert block["transkripsi_en"]
    assert block["transkripsi_id"] == ""


def test_indonesian_words_stand_under_their_own_key() -> None:
    answer = made.answer(transcript=made.transcript(language="id"), translation=None, language="id")
    block = result(answer)["content"][0]["result"]
    assert block["transkripsi_id"]
    assert block["transkripsi_en"] == ""
    assert block["metadata"]["source_language"] == "Indonesian"


def test_a_quote_is_shown_with_its_time_or_not_at_all() -> None:
    ratings = {r["criterion"]: r for r in result()["content"][0]["result"]["evidence"]["ratings"]}
    assert (ratings["quality"]["start_s"], ratings["quality"]["end_s"]) == (3.4, 4.5)
    assert ratings["relevance"]["quote"] == ""
    assert quote_span(made.transcript(), "index slow") is None


def test_the_project_score_is_weighed_in_only_when_given() -> None:
    assert result()["llm_results"]["final_score_llm"] == 73
    assert result(project_score=100.0)["llm_results"]["final_score_llm"] == 91.9


@pytest.mark.parametrize("project", [None, 88.0])
@pytest.mark.parametrize("totals", [(79.0, 80.0), (79.4, 79.6), (80.0,), (61.0, 62.0, 64.0), ()])
def test_a_session_has_one_final_score(totals: tuple[float, ...], project: float | None) -> None:
    """The mean of 79 and 80 was shown as 79.5 and as 80, where passing begins."""
    answers = [made.answer(evaluation=made.evaluation(total)) for total in totals] or [made.answer(evaluation=None)]
    whole = result(*answers, project_score=project)
    assert whole["llm_results"]["final_score_llm"] == whole["decision_proposal"]["total"]


@pytest.mark.parametrize(("logprob", "expected"), [(0, 99.33), (-0.3, 98.79), (-0.8, 96.77), (-1, 95.26)])
def test_the_original_confidence_formula(logprob: float, expected: float) -> None:
    assert segment_confidence(logprob) == pytest.approx(expected, abs=0.005)


def test_old_dashboards_can_read_the_summary_line() -> None:
    line = result()["aggregate_non_verbal_analysis"]["summary"]
    shape = (
        r"speaking ratio [\d.]+ \([\w ]+\), pauses [\d.]+ \([\w ]+\), speech rate [\d.]+ wpm \(\w+\) "
        r"smile intensity = [\d.]+ \(\w+\), eyebrow movement = [\d.]+ \(\w+\) "
        r"eye contact = [\d.]+% \([\w ]+\), blink rate = [\d.]+ \(\w+\)"
    )
    assert re.fullmatch(shape, line)
    assert not re.search("positive|friendly|happy|nervous|confident", line)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], "No Data"),
        (["No Data"], "No Data"),
        (["Safe", "Safe"], "Safe"),
        (["Safe", "Safe", "Medium Risk"], "Medium Risk"),
        (["Safe", "Medium Risk", "Medium Risk"], "High Risk"),
        (["Safe", "Safe", "Safe", "High Risk"], "High Risk"),
    ],
)
def test_the_aggregate_verdict(verdicts: list[Any], expected: str) -> None:
    assert aggregate_verdict(verdicts) == expected


def test_performance_words() -> None:
    assert [performance_status(s) for s in (80, 79.9, 60, 50, 49)] == [
        "EXCELLENT", "GOOD", "AVERAGE", "BELOW AVERAGE", "NEEDS IMPROVEMENT",
    ]  # fmt: skip


def test_no_number_is_not_a_number() -> None:
    whole = result(made.answer(audio=made.audio(snr_db=math.inf, speaking_s=0.0, total_s=0.0)))
    json.dumps(whole, allow_nan=False)


def test_words_for_the_judge_are_shown_with_their_time() -> None:
    flags = (AnswerFlag("answer_addresses_the_judge", "adding an index"),)
    whole = result(made.answer(evaluation=replace(made.evaluation(), flags=flags, rubric="software", samples=3)))
    found = whole["content"][0]["result"]
    assert found["evidence"]["answer_flags"][0]["quote"] == "adding an index"
    assert found["evidence"]["answer_flags"][0]["start_s"] == pytest.approx(3.4)
    assert (found["provenance"]["judge"]["rubric"], found["provenance"]["judge"]["samples"]) == ("software", 3)


def test_an_answer_of_a_few_words_says_why_it_has_no_score() -> None:
    segment = made.transcript().segments[0]
    short = made.transcript(segments=(replace(segment, text="I fixed it"),))
    whole = result(made.answer(transcript=short, evaluation=None))
    assert whole["content"][0]["result"]["penilaian"]["not_scored_reason"].startswith("The answer has 3 words")


def test_scores_stand_with_their_intervals_and_what_carried_them() -> None:
    found = result(made.answer(evaluation=sure()))["content"][0]["result"]
    scores = found["penilaian"]
    assert (scores["total_low"], scores["total"], scores["total_high"]) == (64, 73, 81)
    assert (scores["follow_up_question"], scores["missing"]) == ("How much quicker was it?", ["what you learned"])
    assert scores["gap"] == "result"
    assert not scores["rate_by_hand"]
    quality, coherence, _ = found["evidence"]["ratings"]
    assert (quality["low"], quality["score"], quality["high"], quality["influence"]) == (64, 72, 80.3, 9.0)
    assert (coherence["quote"], coherence["influence"]) == ("", None)
    assert found["provenance"]["judge"]["head_sha256"] == "3" * 64
    assert found["provenance"]["judge"]["data_sha256"] == "4" * 64


def test_an_answer_to_rate_by_hand_keeps_everything_but_its_figures() -> None:
    whole = result(made.answer(evaluation=unsure()))
    found = whole["content"][0]["result"]
    figures = ("confidence_score", "kualitas_jawaban", "relevansi", "koherensi", "total", "total_low", "total_high")
    assert [found["penilaian"][name] for name in figures] == [None] * len(figures)
    assert found["penilaian"]["rate_by_hand"]
    assert found["penilaian"]["not_scored_reason"] == "The sentences point both ways."
    assert found["penilaian"]["analisis_llm"] == "A short answer with one concrete step."
    assert found["penilaian"]["follow_up_question"] == "How much quicker was it?"
    (quoted,) = found["evidence"]["ratings"]
    assert (quoted["criterion"], quoted["score"], quoted["quote"]) == ("quality", None, "adding an index")
    assert found["evidence"]["answer_flags"]
    assert "answer_addresses_the_judge" in [f["type"] for f in found["evidence"]["findings"]]
    assert (whole["llm_results"]["avg_total_llm"], found["answer_score"]["score"]) == (None, None)


@pytest.mark.parametrize(("language", "said"), [("en", "No language model"), ("id", "Tidak ada model bahasa")])
def test_counted_words_are_no_score(language: str, said: str) -> None:
    counted = made.answer(evaluation=replace(made.evaluation(65.0), attribution=COUNTED), language=language)
    whole = result(counted, made.answer(position_id=2))
    scores = whole["content"][0]["result"]["penilaian"]
    assert (scores["total"], scores["rate_by_hand"], scores["analisis_llm"]) == (None, True, None)
    assert scores["not_scored_reason"].startswith(said)
    assert whole["llm_results"]["avg_total_llm"] == 73
    assert whole["llm_results"]["reused_single_analysis"]


@pytest.mark.parametrize("name", ["no sound", "unreadable"])
def test_where_no_words_are_there_is_nothing_to_rate_by_hand(name: str) -> None:
    scores = result(variants()[name])["content"][0]["result"]["penilaian"]
    assert scores["not_scored_reason"]
    assert not scores["rate_by_hand"]


def test_the_quality_says_which_tracks_were_taken_and_what_is_missing() -> None:
    sound, picture = Track(2, 2, "aac", "speech"), Track(0, 1, "h264", "only")
    answer = made.answer(
        recording=Recording(20.0, sound, (Span(0.0, 3.0),)),
        vision=made.vision(missing=(Span(8.0, 20.0),), track=picture),
    )
    found = result(answer)
    jsonschema.validate(found, SCHEMA)
    quality = found["content"][0]["result"]["quality"]
    assert quality["sound_track"] == {"index": 2, "count": 2, "codec": "aac", "why": "speech"}
    assert quality["picture_track"]["why"] == "only"
    assert quality["sound_missing"] == [{"start_s": 0.0, "end_s": 3.0}]
    assert quality["picture_missing"] == [{"start_s": 8.0, "end_s": 20.0}]
