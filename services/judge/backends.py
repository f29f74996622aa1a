"""From settings to the backends that they configure."""

from __future__ import annotations

from functools import partial

from services.judge.chat import calibration
from services.judge.chat.evaluator import ChatEvaluator
from services.judge.chat.model import ChatBackend
from services.judge.chat.translation import ChatTranslator
from services.judge.learned.evaluator import EmbeddedEvaluator
from services.judge.llama.backend import LlamaCpp
from services.judge.memory import Memory
from services.judge.model import Evaluator, Translator
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
