"""A hundred files with a known number of voices, composed from real utterances with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from bench.speech.conditions import Sound, at_level, distant, echoing, muffled, noisy, telephone, thin
from bench.speech.recordings import SpeakerTurn
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.intervals import joined_spans
from servicekit.wire import Span

SEED = 20_26
SECONDS = 32.0
SPEECH_DB = -24.0
PROMPT_S = (1.5, 2.5)
OVER_DB = -6.0
# Reported apart from the hundred: half of each prompt is under the other voice.
OVERLAPPING = "two, prompts over speech, -6 dB"
# Reported apart too: another channel in the second half or every other utterance, or for the second voice alone; or
# one telephone line for all.
CHANNELS = (
    "one, microphone changes",
    "one, room changes",
    "two, the second on a telephone",
    "two on one telephone",
    "three on one telephone",
)
# A composed truth must not lean on the detector that is measured: it comes from the level of clean utterances.
FRAME, FLOOR_DB, GAP_S, SHORTEST_S = 480, -35.0, 0.3, 0.1
Voices = dict[str, list[Sound]]
Change = Callable[[Sound], Sound]


def unchanged(sound: Sound) -> Sound:
    """As it was said."""
    return sound


@dataclass(frozen=True, slots=True)
class Composition:
    """A file with its truth."""

    kind: str
    name: str
    sound: Sound
    turns: tuple[SpeakerTurn, ...]

    @property
    def voice_count(self) -> int:
        """How many voices speak."""
        return len({turn.speaker for turn in self.turns})


@dataclass(slots=True)
class Tape:
    """Utterances one after the other with pauses between them."""

    rng: np.random.Generator
    parts: list[Sound] = field(default_factory=list)
    turns: list[SpeakerTurn] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How much there is."""
        return sum(part.size for part in self.parts) / SAMPLE_RATE_HZ

    def say(self, speaker: str, sound: Sound) -> None:
        """Add an utterance after a pause of 0.3 to 0.9 s."""
        self.parts.append(np.zeros(int(self.rng.uniform(0.3, 0.9) * SAMPLE_RATE_HZ), np.float32))
        start_s = self.seconds
        self.parts.append(sound)
        self.turns += [SpeakerTurn(Span(start_s + s.start_s, start_s + s.end_s), speaker) for s in spoken(sound)]

    def say_over(self, speaker: str, sound: Sound) -> None:
        """Add an utterance whose first half lies over the end of what was said last."""
        over = min(sound.size // 2, self.parts[-1].size)
        start_s = self.seconds - over / SAMPLE_RATE_HZ
        self.parts[-1] = self.parts[-1].copy()
        self.parts[-1][-over:] += sound[:over]
        self.parts.append(sound[over:])
        self.turns += [SpeakerTurn(Span(start_s + s.start_s, start_s + s.end_s), speaker) for s in spoken(sound)]

    @property
    def sound(self) -> Sound:
        """All of it on a quiet floor: digital silence is in no recording."""
        whole = np.concatenate([*self.parts, np.zeros(SAMPLE_RATE_HZ // 2, np.float32)])
        return (whole + self.rng.normal(0, 2e-4, whole.size)).astype(np.float32)


def spoken(sound: Sound) -> list[Span]:
    """Where a clean utterance is within 35 dB of its loudest 30 ms; gaps under 0.3 s belong to it."""
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    power = (frames**2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (FLOOR_DB / 10))
    spans = [Span(i * FRAME / SAMPLE_RATE_HZ, (i + 1) * FRAME / SAMPLE_RATE_HZ) for i in loud.tolist()]
    return [span for span in joined_spans(spans, GAP_S) if span.duration_s >= SHORTEST_S]


class Composer:
    """Draws voices and utterances."""

    def __init__(self, voices: Voices, seed: int = SEED) -> None:
        """Voices with their utterances."""
        self._voices, self._rng = voices, np.random.default_rng(seed)
        self._decks: dict[str, list[Sound]] = {}

    def all(self) -> Iterator[Composition]:
        """A hundred and the overlapping ones, each made when asked for; without three voices where two are given."""
        one: dict[str, Change] = {
            "one, clean": unchanged,
            "one, noise at 10 dB": lambda sound: noisy(sound, 10, self._rng),
            "one, telephone": telephone,
        }
        for kind, change in one.items():
            yield from self._many(kind, 10, partial(self._behind, change))
        yield from self._many("one, distance changes", 10, lambda: self._one(moves=True))
        yield from self._many("two in turns", 20, lambda: self._turns(2))
        yield from self._many("two, prompts of 1.5 to 2.5 s", 12, self._prompts)
        yield from self._many("two, second at -9 dB", 8, lambda: self._turns(2, -9))
        yield from self._many("two, second at -12 dB", 8, lambda: self._turns(2, -12))
        yield from self._many("three in turns", 12, lambda: self._turns(3))
        yield from self._many(OVERLAPPING, 12, partial(self._prompts, over=True))
        microphone, room, second, two_on_line, three_on_line = CHANNELS
        yield from self._many(microphone, 30, lambda: self._moved((telephone, muffled, thin)))
        yield from self._many(room, 30, lambda: self._moved((echoing, partial(echoing, seconds=0.3))))
        yield from self._many(second, 20, lambda: self._turns(2, change=telephone))
        yield from self._many(two_on_line, 10, partial(self._behind, telephone, 2))
        yield from self._many(three_on_line, 10, partial(self._behind, telephone, 3))

    def _many(self, kind: str, count: int, make: Callable[[], Tape]) -> Iterator[Composition]:
        if kind.startswith("three") and len(self._voices) < 3:
            return
        for number in range(count):
            tape = make()
            yield Composition(kind, f"{kind} {number}", tape.sound, tuple(tape.turns))

    def _one(self, moves: bool = False) -> Tape:
        tape, (speaker,) = Tape(self._rng), self._speakers(1)
        while tape.seconds < SECONDS:
            sound = self._utterance(speaker)
            tape.say(speaker, distant(sound, self._rng) if moves and self._rng.random() < 0.5 else sound)
        return tape

    def _behind(self, change: Change, count: int = 1) -> Tape:
        """All of it in one channel."""
        tape = self._one() if count == 1 else self._turns(count)
        return Tape(self._rng, [change(np.concatenate(tape.parts))], tape.turns)

    def _moved(self, changes: Sequence[Change]) -> Tape:
        """One voice whose channel changes once, or with every other utterance."""
        tape, (speaker,) = Tape(self._rng), self._speakers(1)
        change, once = changes[int(self._rng.integers(len(changes)))], self._rng.random() < 0.5
        while tape.seconds < SECONDS:
            changed = tape.seconds > SECONDS / 2 if once else len(tape.parts) % 4 == 2
            sound = self._utterance(speaker)
            tape.say(speaker, change(sound) if changed else sound)
        return tape

    def _turns(self, count: int, others_db: float = 0.0, change: Change = unchanged) -> Tape:
        tape, speakers = Tape(self._rng), self._speakers(count)
        while tape.seconds < SECONDS or len({t.speaker for t in tape.turns}) < count:
            for speaker in speakers:
                first = speaker == speakers[0]
                sound = at_level(self._utterance(speaker), SPEECH_DB + (0.0 if first else others_db))
                tape.say(speaker, sound if first else change(sound))
        return tape

    def _prompts(self, over: bool = False) -> Tape:
        """A prompter says two short things; `over` the end of what the other says, and 6 dB below it."""
        tape, (speaker, prompter), prompts = Tape(self._rng), self._speakers(2), 0
        while tape.seconds < SECONDS or prompts < 2:
            tape.say(speaker, self._utterance(speaker))
            if tape.seconds > SECONDS * (1 + prompts) / 3:
                prompt = self._prompt(prompter)
                if over:
                    tape.say_over(prompter, at_level(prompt, SPEECH_DB + OVER_DB))
                else:
                    tape.say(prompter, prompt)
                prompts += 1
        return tape

    def _speakers(self, count: int) -> list[str]:
        return [str(name) for name in self._rng.choice(sorted(self._voices), count, replace=False)]

    def _utterance(self, speaker: str) -> Sound:
        """The next of a voice's utterances; none comes again before all have been used."""
        if not self._decks.get(speaker):
            whole = self._voices[speaker]
            self._decks[speaker] = [whole[i] for i in self._rng.permutation(len(whole))]
        return at_level(self._decks[speaker].pop(), SPEECH_DB)

    def _prompt(self, speaker: str) -> Sound:
        """The start of an utterance, without the silence before it."""
        sound = self._utterance(speaker)
        first = int(np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()))
        return sound[first : first + int(self._rng.uniform(*PROMPT_S) * SAMPLE_RATE_HZ)]
