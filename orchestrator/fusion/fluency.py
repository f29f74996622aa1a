"""Syllables and filler words of a transcript, in English and Indonesian.

Recognizers write down few of the fillers that were said, so a count is a lower bound: low counts say nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestrator.evidence import Transcript
from servicekit.wire import Span

# Sounds of hesitation, and phrases that hold the floor. Words that usually mean something ("like", "actually",
# "kayak") are left out: from text alone nobody can tell.
FILLERS = {
    "en": ("um", "umm", "uh", "uhm", "er", "erm", "hmm", "hm", "mm", "you know", "i mean", "sort of", "kind of"),
    "id": ("um", "uh", "eh", "em", "ehm", "hmm", "hm", "mm", "ee", "eee", "anu", "apa ya", "apa namanya", "gitu ya"),
}
_LONGEST_FILLER_WORDS = 2
_LETTERS = re.compile(r"[^\w' ]+|_")
_VOWELS = {"en": re.compile(r"[aeiouy]+"), "id": re.compile(r"ai|au|oi|[aeiou]")}
_SILENT_E = re.compile(r"(?<![aeiouy])(?<!l)e$|(?<=[^td])ed$|(?<![scxzg])(?<!sh)(?<!ch)es$")


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler word or phrase, lower case, and when it was said."""

    text: str
    span: Span


def syllables_said(transcript: Transcript) -> int:
    """Syllables of a transcript, of each segment in its own language."""
    return sum(syllables(s.text, s.language or transcript.language) for s in transcript.segments)


def syllables(text: str, language: str) -> int:
    """Syllables of a text by its groups of vowels, at least one a word.

    English loses its silent endings; Indonesian is written as it sounds, with the diphthongs ai, au and oi.
    """
    return sum(_of_word(word, language) for word in _plain(text).split())


def fillers(transcript: Transcript) -> tuple[Filler, ...]:
    """Filler words in order of time; of two that overlap the longer counts."""
    spoken = {transcript.language, *(s.language for s in transcript.segments if s.language)}
    known = {tuple(filler.split()) for language in spoken for filler in FILLERS[language]}
    words = [(_plain(w.text), w.span) for segment in transcript.segments for w in segment.words]
    found, at = [], 0
    while at < len(words):
        size = next((n for n in range(_LONGEST_FILLER_WORDS, 0, -1) if _said(words[at : at + n]) in known), 0)
        if size:
            said = words[at : at + size]
            found.append(Filler(" ".join(_said(said)), Span(said[0][1].start_s, said[-1][1].end_s)))
        at += size or 1
    return tuple(found)


def _said(words: list[tuple[str, Span]]) -> tuple[str, ...]:
    return tuple(text for text, _ in words)


def _of_word(word: str, language: str) -> int:
    if language == "en" and len(word) > 3:
        word = _SILENT_E.sub("", word)
    return max(1, len(_VOWELS[language].findall(word)))


def _plain(text: str) -> str:
    return _LETTERS.sub(" ", text.lower()).strip()
