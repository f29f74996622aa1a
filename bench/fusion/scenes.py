"""Sessions with known truth: who speaks, what the camera shows, and what a person should be told of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from bench.speech.compositions import PROMPT_S, Tape, Voices
from bench.speech.conditions import Sound, at_level, noisy, telephone
from bench.speech.recordings import SpeakerTurn
from bench.vision.acts import Act, Turn, random_blinks
from bench.vision.cameras import held
from bench.vision.puppet import Puppet
from scripts.make_sample.portrait import Picture
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span

SECONDS, LONGER_S, TALK_S, SPEECH_DB = 24.0, 40.0, 56.0, -24.0
HONEST, EACH = 20, 5
TROUBLE = Span(9.0, 14.0)
LOOP_S = 8.0
LOUD_SHARE, MOUTH_MOST = 0.5, 0.8
"""The mouth is as open as the voice is loud, most at half of its loudest."""
View = Callable[[Picture, float], Picture]


@dataclass(frozen=True, slots=True)
class Answer:
    """One recording: what is seen at a time, what is heard, and when each type of finding is true."""

    picture: Callable[[float], Picture]
    sound: Sound
    truth: dict[str, list[Span]] = field(default_factory=dict)
    frozen: Span | None = None
    """When the camera repeats one frame, its noise with it."""
    seconds: float = SECONDS
    film: str = ""
    """Name of the scene whose picture it has; empty: its own."""

    def taken_at(self, time_s: float) -> float:
        """When the frame shown at a time was taken."""
        frozen = self.frozen
        return frozen.start_s if frozen and frozen.start_s <= time_s < frozen.end_s else time_s


@dataclass(frozen=True, slots=True)
class Scene:
    """A session; honest without any truth."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def types(self) -> set[str]:
        """Types of finding that are true of it."""
        return {kind for answer in self.answers for kind in answer.truth}


class Stage:
    """Casts faces and voices with a fixed seed."""

    def __init__(self, puppets: dict[str, Puppet], voices: Voices, seed: int = 7) -> None:
        """Faces that can be moved and utterances by voice."""
        self._puppets, self._voices, self._rng = list(puppets.values()), voices, np.random.default_rng(seed)

    def talkers(self, count: int) -> Iterator[tuple[Scene, Scene]]:
        """Answers that are long enough for voice against lips: each as it is, and with another voice dubbed over it."""
        for number in range(count):
            speaker, other = self._speakers(2)
            name, sound = f"talker {number}", self._long(speaker)
            picture = self._picture(number, sound, seconds=TALK_S)
            said, dubbed = Answer(picture, sound, seconds=TALK_S), self._long(other)
            yield Scene(name, (said,)), Scene(f"dubbed {number}", (replace(said, sound=dubbed, film=name),))

    def _long(self, speaker: str) -> Sound:
        tape = Tape(self._rng)
        while tape.seconds < TALK_S:
            self._say(tape, speaker)
        return tape.sound[: round(TALK_S * SAMPLE_RATE_HZ)]

    def scenes(self, honest: int = HONEST, each: int = EACH) -> Iterator[Scene]:
        """Every scene, each made when it is asked for: so many honest ones, and so many of each kind of trouble."""
        conditions: list[Callable[[Sound], Sound]] = [
            lambda sound: sound, telephone, lambda sound: noisy(sound, 15, self._rng), lambda sound: 0.2 * sound,
        ]  # fmt: skip
        for number in range(honest):
            yield Scene(f"honest {number}", (self._honest(number, conditions[number % len(conditions)]),))
        makers: dict[str, Callable[[int], Scene]] = {
            "voices in turns": self._voices_in_turns,
            "prompter": self._prompter,
            "second face": self._second_face,
            "face absent": self._face_absent,
            "looking away": self._looking_away,
            "camera black": lambda n: self._camera(n, "camera_black", lambda shown, _: np.full_like(shown, 5)),
            "camera frozen": self._frozen,
            "still lips": self._still_lips,
            "voice differs": self._voice_differs,
            "camera looped": self._looped,
            "photograph": self._photograph,
        }
        if len(self._puppets) > 1:
            makers |= {"person changed": self._person_changed, "face differs": self._face_differs}
        makers |= {"other voice longer": self._other_longer, "spoken for": self._spoken_for}
        for name, make in makers.items():
            for number in range(each):
                yield replace(make(number), name=f"{name} {number}")

    def _honest(self, number: int, change: Callable[[Sound], Sound]) -> Answer:
        sound = change(self._monologue(self._speaker()).sound)
        return Answer(self._picture(number, sound), sound)

    def _voices_in_turns(self, number: int) -> Scene:
        """Two people talk in turns, the second as loud or 9 dB quieter; either may speak longer."""
        first, second = self._speakers(2)
        tape = Tape(self._rng)
        while tape.seconds < SECONDS:
            self._say(tape, first)
            self._say(tape, second, -9.0 if number % 2 else 0.0)
        return self._two_voices(number, tape, first, second)

    def _other_longer(self, number: int) -> Scene:
        """The other person says twice as much as the candidate."""
        first, second = self._speakers(2)
        tape = Tape(self._rng)
        while tape.seconds < LONGER_S:
            self._say(tape, first)
            for _ in range(2):
                self._say(tape, second, -9.0 if number % 2 else 0.0)
        return self._two_voices(number, tape, first, second)

    def _two_voices(self, number: int, tape: Tape, own: str, other: str) -> Scene:
        """The mouth moves with one's own words only."""
        sound, truth = tape.sound, {"second_voice": _of(tape.turns, other)}
        seconds = sound.size / SAMPLE_RATE_HZ
        picture = self._picture(number, only(sound, _of(tape.turns, own)), seconds=seconds)
        return Scene("", (Answer(picture, sound, truth, seconds=seconds),))

    def _spoken_for(self, number: int) -> Scene:
        """Somebody else speaks all the time, and the candidate's mouth is still."""
        sound = self._monologue(self._speaker()).sound
        truth = {"speech_with_still_lips": [Span(1.0, SECONDS - 1)]}
        return Scene("", (Answer(self._picture(number, np.zeros_like(sound)), sound, truth),))

    def _prompter(self, number: int) -> Scene:
        """A prompter says two short things."""
        speaker, prompter = self._speakers(2)
        tape, prompts = Tape(self._rng), 0
        while tape.seconds < SECONDS or prompts < 2:
            self._say(tape, speaker)
            if tape.seconds > SECONDS * (1 + prompts) / 3:
                self._say(tape, prompter, -6.0, float(self._rng.uniform(*PROMPT_S)))
                prompts += 1
        return self._two_voices(number, tape, speaker, prompter)

    def _second_face(self, number: int) -> Scene:
        """Somebody looks in from the right for five seconds."""
        act = Act(SECONDS, random_blinks(SECONDS, 300 + number))

        def view(shown: Picture, time_s: float) -> Picture:
            if not TROUBLE.start_s <= time_s < TROUBLE.end_s:
                return _beside(shown, None)
            return _beside(shown, self._puppet(number + 1).posed(*act.pose(time_s + 40)))

        return self._camera(number, "second_face", view, always=True)

    def _face_absent(self, number: int) -> Scene:
        ground = np.full((480, 640, 3), (90, 100, 110), np.uint8)
        return self._camera(number, "face_absent", lambda shown, _: ground)

    def _looking_away(self, number: int) -> Scene:
        """Three looks of five seconds to one side."""
        degrees = (25.0, 30.0, 35.0, -28.0, -40.0)[number]
        looks = tuple(Turn(Span(at, at + 5.0), degrees, 0.0) for at in (3.0, 10.5, 18.0))
        sound = self._monologue(self._speaker()).sound
        picture = self._picture(number, sound, looks)
        return Scene("", (Answer(picture, sound, {"looking_away": [look.span for look in looks]}),))

    def _frozen(self, number: int) -> Scene:
        sound = self._monologue(self._speaker()).sound
        return Scene("", (Answer(self._picture(number, sound), sound, {"camera_frozen": [TROUBLE]}, TROUBLE),))

    def _looped(self, number: int) -> Scene:
        """The picture of the first eight seconds over and over."""
        sound = self._monologue(self._speaker()).sound
        moving = self._picture(number, sound)
        truth = {"camera_looped": [Span(LOOP_S, SECONDS)]}
        return Scene("", (Answer(lambda time_s: moving(time_s % LOOP_S), sound, truth),))

    def _photograph(self, number: int) -> Scene:
        """A print held before the camera while somebody speaks."""
        sound = self._monologue(self._speaker()).sound
        puppet = self._puppet(number)
        truth = {"camera_photograph": [Span(0.0, SECONDS)]}
        return Scene("", (Answer(lambda time_s: held(puppet.still(), time_s), sound, truth),))

    def _person_changed(self, number: int) -> Scene:
        """Somebody else from the middle on."""
        sound = self._monologue(self._speaker()).sound
        first, second = self._picture(number, sound), self._picture(number + 1, sound)
        middle = SECONDS / 2
        truth = {"person_changed": [Span(middle, SECONDS)]}
        return Scene("", (Answer(lambda time_s: (first if time_s < middle else second)(time_s), sound, truth),))

    def _face_differs(self, number: int) -> Scene:
        """Three answers, one of them by another person."""
        voice = self._speaker()
        answers = []
        for index in range(3):
            differs = index == number % 3
            sound = self._monologue(voice).sound
            truth = {"face_differs": [Span(0.0, SECONDS)]} if differs else {}
            answers.append(Answer(self._picture(number + differs, sound), sound, truth))
        return Scene("", tuple(answers))

    def _still_lips(self, number: int) -> Scene:
        """The voice goes on while the mouth is still for eight seconds."""
        sound = self._monologue(self._speaker()).sound
        silent = sound.copy()
        still = Span(8.0, 16.0)
        silent[int(still.start_s * SAMPLE_RATE_HZ) : int(still.end_s * SAMPLE_RATE_HZ)] = 0
        return Scene("", (Answer(self._picture(number, silent), sound, {"speech_with_still_lips": [still]}),))

    def _voice_differs(self, number: int) -> Scene:
        """Three answers, one of them in another voice."""
        voice, other = self._speakers(2)
        answers = []
        for index in range(3):
            differs = index == number % 3
            sound = self._monologue(other if differs else voice).sound
            truth = {"voice_differs": [Span(0.0, sound.size / SAMPLE_RATE_HZ)]} if differs else {}
            answers.append(Answer(self._picture(number, sound), sound, truth))
        return Scene("", tuple(answers))

    def _camera(self, number: int, kind: str, view: View, always: bool = False) -> Scene:
        sound = self._monologue(self._speaker()).sound
        moving = self._picture(number, sound)

        def picture(time_s: float) -> Picture:
            troubled = TROUBLE.start_s <= time_s < TROUBLE.end_s
            shown = moving(time_s)
            return view(shown, time_s) if troubled or always else shown

        return Scene("", (Answer(picture, sound, {kind: [TROUBLE]}),))

    def _picture(
        self, number: int, sound: Sound, looks: tuple[Turn, ...] = (), seconds: float = SECONDS
    ) -> Callable[[float], Picture]:
        """A face that blinks, moves a little, and speaks along with the sound."""
        act = Act(seconds, random_blinks(seconds, 200 + number), looks, liveliness=0.4 if looks else 1.0)
        mouth, puppet = _loudness(sound), self._puppet(number)

        def picture(time_s: float) -> Picture:
            pose, pitch_deg = act.pose(time_s)
            return puppet.posed(replace(pose, mouth=float(np.interp(time_s, *mouth))), pitch_deg)

        return picture

    def _monologue(self, speaker: str) -> Tape:
        tape = Tape(self._rng)
        while tape.seconds < SECONDS - 1:
            self._say(tape, speaker)
        return tape

    def _say(self, tape: Tape, speaker: str, db: float = 0.0, seconds: float | None = None) -> None:
        whole = self._voices[speaker]
        sound = whole[int(self._rng.integers(len(whole)))]
        first = int(np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()))
        cut = sound if seconds is None else sound[first : first + int(seconds * SAMPLE_RATE_HZ)]
        tape.say(speaker, at_level(cut, SPEECH_DB + db))

    def _puppet(self, number: int) -> Puppet:
        return self._puppets[number % len(self._puppets)]

    def _speaker(self) -> str:
        return self._speakers(1)[0]

    def _speakers(self, count: int) -> list[str]:
        return [str(name) for name in self._rng.choice(sorted(self._voices), count, replace=False)]


def _of(turns: list[SpeakerTurn], speaker: str) -> list[Span]:
    return [turn.span for turn in turns if turn.speaker == speaker]


def only(sound: Sound, spans: list[Span]) -> Sound:
    """The sound with silence outside of the spans."""
    kept = np.zeros_like(sound)
    for span in spans:
        inside = slice(int(span.start_s * SAMPLE_RATE_HZ), int(span.end_s * SAMPLE_RATE_HZ))
        kept[inside] = sound[inside]
    return kept


def _loudness(sound: Sound) -> tuple[np.ndarray, np.ndarray]:
    """Times every 40 ms and how open the mouth is then."""
    step = SAMPLE_RATE_HZ // 25
    frames = sound[: sound.size // step * step].reshape(-1, step)
    loud = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1))
    share = np.minimum(loud / max(LOUD_SHARE * float(np.percentile(loud, 98)), 1e-6), 1.0)
    return np.arange(len(frames)) * step / SAMPLE_RATE_HZ, MOUTH_MOST * share


def _beside(picture: Picture, other: Picture | None) -> Picture:
    """With a second person at half size on a plain wall to the right."""
    wall = np.full((picture.shape[0], picture.shape[1] // 2, 3), 110, np.uint8)
    if other is not None:
        half = np.ascontiguousarray(other[::2, ::2])
        wall[: half.shape[0], : half.shape[1]] = half
    return np.hstack((picture, wall))
