"""Is a text English or Indonesian? Enough to notice an answer in the wrong language, no more."""

from __future__ import annotations

from difflib import SequenceMatcher

from servicekit.words import words


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


FUNCTION_WORDS = {
    "en": _set(
        "the and of to is was were are that this with for from have had has my we they you it in on as but not so i "
        "he she be been would when because then their our an a"
    ),
    "id": _set(
        "yang dan di ke dari saya kami kita itu ini untuk dengan tidak adalah pada akan bisa sudah juga karena jadi "
        "mereka dia ada atau kalau tapi tetapi lalu seperti dalam oleh anda agar supaya sangat"
    ),
}
"""The commonest words that the other language does not have."""

COPY_RATIO = 0.8
"""Two texts that share so much of their words, in order, are the same text. Chosen by us: translations between the two
languages share names and technical terms, which stay under a half."""


def other_language(text: str, language: str) -> bool:
    """Whether the text is rather in the language that `language` (`en` or `id`) is not."""
    found = words(text)
    counts = {code: sum(w in known for w in found) for code, known in FUNCTION_WORDS.items()}
    own, other = counts.pop(language), sum(counts.values())
    return other > own


def copied(source: str, text: str) -> bool:
    """Whether the text is the source again, but for marks and a few words."""
    return SequenceMatcher(None, words(source), words(text), autojunk=False).ratio() > COPY_RATIO


STEM_LETTERS = 5
"""Words that begin with the same five letters count as one: a stemmer for both languages, nearly."""


def content_words(text: str) -> set[str]:
    """What the text is about: its words without function words, cut to their first letters."""
    common = FUNCTION_WORDS["en"] | FUNCTION_WORDS["id"]
    return {w[:STEM_LETTERS] for w in words(text) if w not in common and len(w) > 2}
