"""Protobuf to and from the judge's dataclasses. Raises FIELD_INVALID for what the contract does not allow."""

from __future__ import annotations

from interview.judge.v1 import judge_service_pb2 as pb

from servicekit.errors import field_invalid
from servicekit.wire import model_message, usage_message
from servicekit.words import LEAST_SCORED_WORDS, words
from services.judge.model import (
    Accounts,
    Evaluation,
    RatedAnswer,
    Rating,
    RatingInput,
    Rubric,
    Summary,
    SummaryInput,
    Translation,
    TranslationInput,
    Work,
)
from services.judge.rubrics import NAME

LANGUAGES = ("en", "id")
MAX_TEXT, MAX_QUESTION, MAX_REFERENCE, MAX_KEY = 200_000, 2_000, 10_000, 500
_GRADE = {
    "none": pb.TRANSLATION_GRADE_NONE,
    "gist": pb.TRANSLATION_GRADE_GIST,
    "full": pb.TRANSLATION_GRADE_FULL,
}


def translation_input(request: pb.TranslateRequest) -> TranslationInput:
    """What to translate."""
    source = _language("source_language_code", request.source_language_code)
    target = _language("target_language_code", request.target_language_code)
    if source == target:
        raise field_invalid("target_language_code", "must differ from source_language_code")
    text = _text("text", request.text, MAX_TEXT)
    passages = tuple((p.text, _language("passages.language_code", p.language_code)) for p in request.passages)
    if passages and " ".join(part for part, _ in passages) != text:
        raise field_invalid("passages", "must be the text when they are joined by spaces")
    if passages and all(language == target for _, language in passages):
        raise field_invalid("passages", "must have one that is not in target_language_code")
    return TranslationInput(text, source, target, passages)


def rating_input(request: pb.EvaluateRequest) -> RatingInput:
    """What to rate."""
    language = _language("language_code", request.language_code)
    return RatingInput(
        _text("question", request.question, MAX_QUESTION),
        _spoken(request.answer),
        language,
        _language("analysis_language_code", request.analysis_language_code or language),
        _limited("reference", request.reference, MAX_REFERENCE),
        request.rubric,
        _confidence(request),
    )


def summary_input(request: pb.SummarizeRequest) -> SummaryInput:
    """What to sum up."""
    if not request.answers:
        raise field_invalid("answers", "needs at least one")
    language = _language("language_code", request.language_code)
    return SummaryInput(tuple(_rated(n, a) for n, a in enumerate(request.answers)), language)


def accounts(request: pb.TranslateRequest | pb.EvaluateRequest | pb.SummarizeRequest) -> Accounts:
    """Whose accounts to use. What is wrong with one is said without it."""
    given = request.accounts
    for name, value in (("deepl_key", given.deepl_key), ("huggingface_token", given.huggingface_token)):
        if len(value) > MAX_KEY or not all("!" <= character <= "~" for character in value):
            raise field_invalid(f"accounts.{name}", f"must have at most {MAX_KEY} characters, all visible ASCII")
    return Accounts(given.deepl_key, given.huggingface_token)


def translation(found: Translation, wall_time_s: float) -> pb.TranslateResponse:
    """A translation on the wire."""
    return pb.TranslateResponse(
        text=found.text,
        grade=_GRADE[found.grade],
        attribution=attribution(found.work, wall_time_s),
        mismatches=found.mismatches,
    )


def evaluation(found: Evaluation, wall_time_s: float) -> pb.EvaluateResponse:
    """A rating on the wire."""
    return pb.EvaluateResponse(
        ratings=[
            pb.CriterionRating(
                criterion=r.criterion,
                score=r.score,
                confidence=r.confidence,
                quote=r.quote,
                low=r.low,
                high=r.high,
                influence=r.influence,
            )
            for r in found.ratings
        ],
        total=found.total,
        confidence=found.confidence,
        logprobs_available=found.logprobs_probability is not None,
        logprobs_probability=found.logprobs_probability,
        analysis=found.analysis,
        attribution=attribution(found.work, wall_time_s),
        flags=[pb.AnswerFlag(type=f.type, quote=f.quote) for f in found.flags],
        rubric=found.rubric,
        rubric_sha256=found.rubric_sha256,
        samples=found.samples,
        unscored=pb.Unscored(reason=found.unscored.reason, explanation=found.unscored.explanation)
        if found.unscored
        else None,
        total_low=found.low,
        total_high=found.high,
        follow_up_question=found.follow_up,
        missing=found.missing,
        gap=found.gap,
    )


def summary(found: Summary, wall_time_s: float) -> pb.SummarizeResponse:
    """A summary on the wire."""
    return pb.SummarizeResponse(
        text=found.text, confidence=found.confidence, attribution=attribution(found.work, wall_time_s)
    )


def rubric(found: Rubric, default: str) -> pb.Rubric:
    """A rubric on the wire."""
    criteria = [pb.RubricCriterion(name=name, weight=weight) for name, weight in found.weights.items()]
    return pb.Rubric(
        name=found.name,
        role=found.role,
        criteria=criteria,
        sha256=found.sha256,
        is_default=found.name == default,
    )


def attribution(work: Work, wall_time_s: float) -> pb.Attribution:
    """Who did the work."""
    return pb.Attribution(
        model=model_message(work.model),
        backend=work.backend,
        failures=[pb.BackendFailure(backend=f.backend, reason=f.reason) for f in work.failures],
        prompt_sha256=work.prompt_sha256,
        input_tokens=work.input_tokens,
        output_tokens=work.output_tokens,
        usage=usage_message(wall_time_s, 0.0),
        head_sha256=work.head_sha256,
        data_sha256=work.data_sha256,
    )


def _rated(number: int, message: pb.RatedAnswer) -> RatedAnswer:
    name = f"answers[{number}]"
    if not message.ratings:
        raise field_invalid(f"{name}.ratings", "needs at least one")
    return RatedAnswer(
        _text(f"{name}.question", message.question, MAX_QUESTION),
        tuple(_rating(name, r) for r in message.ratings),
        _score(f"{name}.total", message.total),
        message.analysis,
    )


def _rating(name: str, message: pb.CriterionRating) -> Rating:
    if not NAME.fullmatch(message.criterion):
        raise field_invalid(f"{name}.ratings.criterion", "must be the name of a criterion")
    confidence = message.confidence if message.HasField("confidence") else None
    return Rating(message.criterion, _score(f"{name}.ratings.score", message.score), confidence, message.quote)


def _confidence(request: pb.EvaluateRequest) -> float | None:
    if not request.HasField("transcript_confidence"):
        return None
    if not 0 <= request.transcript_confidence <= 1:
        raise field_invalid("transcript_confidence", "must be 0 to 1")
    return request.transcript_confidence


def _score(name: str, value: float) -> float:
    if not 1 <= value <= 100:
        raise field_invalid(name, "must be 1 to 100")
    return value


def _spoken(answer: str) -> str:
    found = len(words(_text("answer", answer, MAX_TEXT)))
    if found < LEAST_SCORED_WORDS:
        raise field_invalid("answer", f"has {found} words; with under {LEAST_SCORED_WORDS} there is nothing to score")
    return answer


def _language(name: str, code: str) -> str:
    if code not in LANGUAGES:
        raise field_invalid(name, f"must be one of {', '.join(LANGUAGES)}")
    return code


def _text(name: str, text: str, most: int) -> str:
    if not text.strip():
        raise field_invalid(name, "is required")
    return _limited(name, text, most)


def _limited(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise field_invalid(name, f"must have at most {most} characters")
    return text
