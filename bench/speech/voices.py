"""How many voices, and who speaks when: ours beside the prototype's algorithm on the same sound."""

from __future__ import annotations

import itertools
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import soundfile

from bench.speech.calibration import Answer
from bench.speech.compositions import Composer, Composition, Voices
from bench.speech.conditions import Sound
from bench.speech.diarization_error import error_seconds
from bench.speech.original_voices import OriginalVoices
from bench.speech.recordings import SpeakerTurn, rttm
from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from services.audio.analyzer import SoundAnalyzer
from services.audio.model import AudioResult
from services.audio.settings import Settings

SERIOUS = 0.6
"""Confidence from which a second voice is a serious finding (`orchestrator.fusion.findings.sound`)."""


@dataclass(slots=True)
class Row:
    """Figures of one kind of file."""

    kind: str
    files: int = 0
    exact: int = 0
    peer_exact: int = 0
    errors_s: float = 0.0
    peer_errors_s: float = 0.0
    speech_s: float = 0.0
    strict_errors_s: float = 0.0
    """With collar 0, as `strict_speech_s`."""
    strict_speech_s: float = 0.0
    serious: int = 0
    """Files in which more voices than there are were found, surely enough for a serious finding."""
    wrong: str = ""
    answers: list[Answer] = field(default_factory=list)
    """How sure the number of voices was in each file."""


def measured(voices: Voices, data: Path | None = None, peer: OriginalVoices | None = None) -> Iterator[Row]:
    """A row for each kind: files composed from the voices, then dialogues and meetings of `data`."""
    analyzer = SoundAnalyzer(Settings())
    analyzer.load()
    kinds: dict[str, Row] = {}
    for file in itertools.chain(Composer(voices).all(), _given(data) if data else ()):
        row = kinds.setdefault(file.kind, Row(file.kind))
        _add(row, file, analysis(analyzer, file.sound))
        if peer is not None:
            _add_peer(row, file, peer.turns(file.sound))
    yield from kinds.values()


def _add(row: Row, file: Composition, found: AudioResult) -> None:
    count, confidence = len(found.voices.speakers), found.voices.confidence or 0.0
    row.files += 1
    row.exact += count == file.voice_count
    row.wrong += "" if count == file.voice_count else f" {file.name.split()[-1]}:{file.voice_count}->{count}"
    row.serious += count > file.voice_count and confidence >= SERIOUS
    row.answers.append(Answer(confidence, count == file.voice_count))
    errors_s, speech_s = error_seconds(file.turns, _turns(found))
    strict_errors_s, strict_speech_s = error_seconds(file.turns, _turns(found), collar_s=0.0)
    row.errors_s += errors_s
    row.speech_s += speech_s
    row.strict_errors_s += strict_errors_s
    row.strict_speech_s += strict_speech_s


def _add_peer(row: Row, file: Composition, found: list[SpeakerTurn]) -> None:
    row.peer_exact += len({t.speaker for t in found}) == file.voice_count
    row.peer_errors_s += error_seconds(file.turns, found)[0]


def analysis(analyzer: SoundAnalyzer, sound: Sound) -> AudioResult:
    """The service's analysis of samples at 16 kHz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        soundfile.write(file.name, sound, SAMPLE_RATE_HZ)
        return next(event for event in analyzer.analyze(Path(file.name)) if isinstance(event, AudioResult))


def _turns(found: AudioResult) -> list[SpeakerTurn]:
    return [SpeakerTurn(t.span, str(t.speaker)) for t in found.voices.turns]


def _given(data: Path) -> Iterator[Composition]:
    for path in sorted((data / "diarization" / "dialogues").glob("*.rttm")):
        yield Composition("dialogues", path.stem, decode_sound(path.with_suffix(".flac")), tuple(rttm(path)[path.stem]))
    meetings: dict[str, list[SpeakerTurn]] = defaultdict(list, rttm(data / "diarization" / "ami" / "reference.rttm"))
    for path in sorted((data / "diarization" / "ami").glob("*.wav")):
        yield Composition("AMI meetings", path.stem, decode_sound(path), tuple(meetings[path.stem]))


def total(rows: Iterable[Row], kind: str) -> Row:
    """The sum of rows."""
    whole = Row(kind)
    for row in rows:
        for each in fields(Row)[1:]:
            setattr(whole, each.name, getattr(whole, each.name) + getattr(row, each.name))
    return whole
