"""From settings to the backends that they configure."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from pydantic import SecretStr

from services.judge.chat import calibration
from services.judge.chat.evaluator import ChatEvaluator
from services.judge.chat.model import ChatBackend
from services.judge.chat.translation import ChatTranslator
from services.judge.learned.evaluator import EmbeddedEvaluator
from services.judge.llama.backend import LlamaCpp
from services.judge.memory import Memory
from services.judge.model import Accounts, Evaluator, Translator
from services.judge.panel import Panel
from services.judge.remote.deepl import DeepL
from services.judge.remote.huggingface import HuggingFace
from services.judge.remote.openai_compatible import OpenAICompatible
from services.judge.remote.server import RemoteChat
from services.judge.rules import Rules
from services.judge.settings import Settings


def build(settings: Settings) -> Panel:
    """The judge that the settings describe. A language model that rates and translates is loaded once."""
    chats = chat_backends(settings)
    return Panel(_evaluators(settings, chats), _translators(settings, chats), settings)


def of_accounts(panel: Panel, settings: Settings, accounts: Accounts) -> Panel:
    """The same judge with an organisation's accounts in place of the settings' own. What needs no account is shared.

    A service that the settings leave out of the order stays out.
    """
    secrets = {name: SecretStr(value) for name, value in asdict(accounts).items() if value}
    named = ["deepl"] * bool(accounts.deepl_key) + ["huggingface"] * bool(accounts.huggingface_token)
    theirs = settings.model_copy(update={**secrets, "backends": ",".join(named), "translators": ",".join(named)})
    chats: dict[str, ChatBackend] = {}
    if accounts.huggingface_token:
        chats["huggingface"] = RemoteChat(HuggingFace(theirs), theirs)
    evaluators = {e.name: e for e in (*panel.evaluators, *_evaluators(theirs, chats))}
    translators = {t.name: t for t in (*panel.translators, *_translators(theirs, chats))}
    return Panel(
        [evaluators[name] for name in settings.backend_names if name in evaluators],
        [translators[name] for name in settings.translator_names if name in translators],
        settings,
        panel,
    )


def chat_backends(settings: Settings) -> dict[str, ChatBackend]:
    """The language models that the settings name, by backend, in no order."""
    wanted = {*settings.backend_names, *settings.translator_names}
    found: dict[str, ChatBackend] = {}
    if settings.huggingface_token.get_secret_value() or settings.huggingface_url:
        found["huggingface"] = RemoteChat(HuggingFace(settings), settings)
    if settings.openai_url:
        found["openai"] = RemoteChat(OpenAICompatible(settings), settings)
    if "llamacpp" in wanted:
        found["llamacpp"] = LlamaCpp(settings)
    return found


def _evaluators(settings: Settings, chats: dict[str, ChatBackend]) -> list[Evaluator]:
    calibrations = partial(calibration.read, folder=settings.calibration_dir)
    found: list[Evaluator] = []
    for name in settings.backend_names:
        chat = chats.get(name)
        if name == "rules":
            found.append(Rules())
        elif isinstance(chat, LlamaCpp):
            found.append(EmbeddedEvaluator(chat, ChatEvaluator(chat, settings.samples, calibrations)))
        elif chat is not None:
            found.append(ChatEvaluator(chat, settings.samples, calibrations))
    return found


def _translators(settings: Settings, chats: dict[str, ChatBackend]) -> list[Translator]:
    found: list[Translator] = []
    for name in settings.translator_names:
        if name == "deepl" and settings.deepl_key.get_secret_value():
            found.append(DeepL(settings))
        elif name in chats:
            memory = Memory[str](settings.kept_results, settings.kept_results_s)
            found.append(ChatTranslator(chats[name], memory))
    return found
