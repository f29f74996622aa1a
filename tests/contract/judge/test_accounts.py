"""Accounts of organisations: used for their own calls alone, and wrong ones trouble nobody else."""

from __future__ import annotations

from functools import partial

import pytest
from interview.judge.v1 import judge_service_pb2 as pb
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub

from servicekit.settings import ServerSettings
from services.judge.accounts import Judges
from services.judge.backends import build, of_accounts
from services.judge.model import Accounts
from services.judge.servicer import Servicer
from services.judge.settings import Settings
from tests.contract.fakes.judge_servers import TRANSLATED, Call, Remote, Reply, large_model, remote
from tests.contract.judge.test_backends import REQUEST, SECRET, TEXT, settings
from tests.contract.judge.test_judge import failure
from tests.support.serving import served

ACME, WRONG = "key-of-acme", "wrong-key-of-bravo"
DONE = Reply({"translations": [{"text": TRANSLATED, "billed_characters": 62}]})
ONLY = ServerSettings(max_concurrent=0)


def answer(call: Call) -> Reply:
    if WRONG in call.headers["authorization"]:
        return Reply({"message": "Unauthorized"}, 403)
    return DONE if call.path == "/v2/translate" else large_model(call)


def judging(server: Remote, **fields: object) -> Settings:
    plain = {
        "backends": "huggingface,rules", "translators": "deepl", "deepl_url": server.url,
        "huggingface_url": f"{server.url}/v1", "huggingface_token": SECRET, "huggingface_model": "org/big-model",
        "deepl_key": SECRET, "breaker_failures": 2,
    }  # fmt: skip
    return settings(**{**plain, **fields})


def servicer(chosen: Settings) -> Servicer:
    panel = build(chosen)
    return Servicer(panel, partial(of_accounts, panel, chosen))


def translation(key: str = "") -> pb.TranslateRequest:
    given = pb.Accounts(deepl_key=key) if key else None
    return pb.TranslateRequest(text=TEXT.text, source_language_code="en", target_language_code="id", accounts=given)


def rating(token: str = "", answer: str = REQUEST.answer) -> pb.EvaluateRequest:
    given = pb.Accounts(huggingface_token=token) if token else None
    return pb.EvaluateRequest(question=REQUEST.question, answer=answer, language_code="en", accounts=given)


def shown(server: Remote) -> list[str]:
    return [call.headers["authorization"].rpartition(" ")[2] for call in server.calls]


@pytest.mark.parametrize("own", ["", SECRET], ids=["no key in the settings", "one in the settings"])
async def test_every_call_uses_the_account_that_it_brings(own: str, capfd: pytest.CaptureFixture[str]) -> None:
    with remote(answer) as server:
        chosen = judging(server, deepl_key=own, huggingface_url=f"{server.url}/v1" if own else "")
        async with served(servicer(chosen), ONLY) as channel:
            stub = JudgeServiceStub(channel)
            found = await stub.Translate(translation(ACME))
            assert (found.text, found.attribution.backend) == (TRANSLATED, "deepl")
            usual = await stub.Translate(translation())
        assert shown(server) == [ACME, SECRET] if own else [ACME]
        assert usual.attribution.backend == ("deepl" if own else "")
    assert ACME not in "".join(capfd.readouterr())


async def test_a_wrong_key_says_so_in_its_own_results_and_troubles_nobody_else() -> None:
    with remote(answer) as server:
        async with served(servicer(judging(server)), ONLY) as channel:
            stub = JudgeServiceStub(channel)
            for _ in range(3):  # more often than the breaker bears
                refused = await stub.Translate(translation(WRONG))
                [failed] = refused.attribution.failures
                assert (refused.text, failed.backend) == ("", "deepl")
                rated = await stub.Evaluate(rating(WRONG))
                assert (rated.attribution.backend, len(rated.attribution.failures)) == ("rules", 1)
            assert failed.reason.startswith("with the organisation's own key: it failed repeatedly")
            assert WRONG not in str(rated)
            for key in (ACME, ""):  # another organisation, and those without
                assert (await stub.Translate(translation(key))).attribution.backend == "deepl"
                assert (await stub.Evaluate(rating(key))).attribution.backend == "huggingface"
        assert set(shown(server)) == {WRONG, ACME, SECRET}
        assert shown(server).count(WRONG) == 4  # two of each kind, then it was left alone


async def test_the_first_refusal_is_said_in_words() -> None:
    with remote(answer) as server:
        async with served(servicer(judging(server)), ONLY) as channel:
            stub = JudgeServiceStub(channel)
            [deepl] = (await stub.Translate(translation(WRONG))).attribution.failures
            [huggingface] = (await stub.Evaluate(rating(WRONG))).attribution.failures
    assert deepl.reason == "with the organisation's own key: it refused the key (HTTP 403)"
    assert huggingface.reason.startswith("with the organisation's own key: it refused the key or the account")


async def test_what_one_account_has_paid_for_is_no_others() -> None:
    with remote(answer) as server:
        async with served(servicer(judging(server, kept_results=8)), ONLY) as channel:
            stub = JudgeServiceStub(channel)
            for key in (ACME, "", ACME, ""):
                await stub.Translate(translation(key))
        assert shown(server) == [ACME, SECRET]  # each remembers its own


async def test_services_that_the_settings_leave_out_are_not_asked() -> None:
    with remote(answer) as server:
        chosen = judging(server, translators="huggingface", backends="rules", huggingface_token="", huggingface_url="")
        async with served(servicer(chosen), ONLY) as channel:
            found = await JudgeServiceStub(channel).Translate(translation(ACME))
            assert found.attribution.backend == ""
            assert (await JudgeServiceStub(channel).Evaluate(rating(ACME))).attribution.backend == "rules"
        assert server.calls == []


@pytest.mark.parametrize("key", ["a\nb", "geheim geheim", "g" * 501, "schlüssel"])
async def test_what_is_no_key_is_refused_without_being_repeated(key: str) -> None:
    with remote(answer) as server:
        async with served(servicer(judging(server)), ONLY) as channel:
            code, reason, told = await failure(JudgeServiceStub(channel).Translate(translation(key)))
    assert (code.name, reason) == ("INVALID_ARGUMENT", "FIELD_INVALID")
    assert key not in str(told)


async def test_those_used_longest_ago_are_closed_and_none_while_it_works() -> None:
    closed: list[str] = []

    class Closing:
        def __init__(self, name: str) -> None:
            self.name = name

        async def close(self) -> None:
            closed.append(self.name)

    judges = Judges(Closing("usual"), lambda accounts: Closing(accounts.deepl_key), most=1)  # type: ignore[arg-type,return-value]
    async with judges.of(Accounts("a")) as first:
        async with judges.of(Accounts("b")), judges.of(Accounts("a")) as again:
            assert again is first
        assert closed == ["b"]
    async with judges.of(Accounts("c")):
        pass
    assert closed == ["b", "a"]
    await judges.close()
    assert closed == ["b", "a", "c", "usual"]
