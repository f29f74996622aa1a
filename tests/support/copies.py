"""Copies of answers as people make them of a text that they have learnt, and as a recogniser hears them."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from orchestrator import artefacts, evidence
from orchestrator.evidence import Segment, Transcript, Word
from orchestrator.workflows.inputs import AnswerInput
from servicekit.media import MediaStore
from servicekit.wire import Span
from tests.support import evidence as made

OWN = frozenset(
    {
        "excellent", "good", "middling", "weak", "wrong", "off_topic", "long_empty", "vague", "half", "list", "padded",
        "partly_off", "short_excellent", "short_middling", "rambling", "dont_know", "example", "second_language",
    }
)  # fmt: skip
"""Kinds of answers that were written by themselves; the others were made of one of them by changing words."""

KINDS = ("ten percent", "twenty percent", "misheard", "reordered", "other beginning")
_OTHER = {
    "en": ("maybe", "also", "quite", "then", "really", "just", "often", "together", "customer", "morning", "team"),
    "id": ("mungkin", "juga", "cukup", "lalu", "memang", "saja", "sering", "bersama", "pelanggan", "pagi", "tim"),
}
_BEGINNING = {
    "en": "Thank you for this question, let me think, I would say it like this from what I have seen so far.",
    "id": "Terima kasih atas pertanyaannya, sebentar, kalau dari pengalaman saya selama ini kira-kira begini.",
}


def changed(text: str, kind: str, language: str, chance: random.Random) -> str:
    """A copy in which words were replaced, left out or misheard, sentences moved, or the beginning put otherwise."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if kind == "reordered":
        moved = sentences[1:] + sentences[:1]
        return _words(" ".join(moved), 0.1, language, chance)
    if kind == "other beginning":
        return _words(" ".join([_BEGINNING[language], *sentences[1:]]), 0.1, language, chance)
    if kind == "misheard":
        return " ".join(_misheard(word, chance) if chance.random() < 0.15 else word for word in text.split())
    return _words(text, 0.1 if kind == "ten percent" else 0.2, language, chance)


async def say(media: MediaStore, session_id: str, text: str) -> None:
    """Store what was said in a session's only answer."""
    said = evidence.to_json(made.answer(question="Mengapa?", language="id", transcript=spoken(text)))
    await media.write(artefacts.answer_key(AnswerInput(session_id, 0), artefacts.EVIDENCE), said)


def spoken(text: str) -> Transcript:
    """A transcript of a text, a word each 0.4 s from second 1 on."""
    words = tuple(
        Word(Span(round(1 + 0.4 * n, 2), round(1.3 + 0.4 * n, 2)), w, 0.9) for n, w in enumerate(text.split())
    )
    segment = Segment(Span(1.0, words[-1].span.end_s), text, words, -0.3, 0.01, 0.9)
    return replace(made.transcript(), segments=(segment,), word_count=len(words))


def _words(text: str, share: float, language: str, chance: random.Random) -> str:
    found = text.split()
    for place in chance.sample(range(len(found)), round(share * len(found))):
        found[place] = chance.choice([chance.choice(_OTHER[language]), ""])
    return " ".join(word for word in found if word)


def _misheard(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("aeioust") + chance.choice([" ", ""]) + word[at + 1 :]


LEARNT = (
    "Saya selalu mendengarkan keluhan pelanggan sampai selesai, lalu saya ulangi masalahnya dengan kata saya sendiri. "
    "Setelah itu saya tawarkan penggantian pada hari yang sama, dan dua hari kemudian saya menelepon lagi untuk "
    "memastikan semuanya beres dan pelanggan merasa puas."
)
LEARNT_TOO = LEARNT.replace("Saya selalu", "Baik, saya biasanya").replace("pada hari yang sama", "hari itu juga")
OWN_WORDS = (
    "Di toko paman saya ada ibu yang memarahi kami karena berasnya kutu. Waktu itu saya gemetar, tetapi saya ambil "
    "karung baru dari gudang, timbang di depan dia, dan minta maaf. Sejak itu dia malah jadi langganan tetap kami."
)
