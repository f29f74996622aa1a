"""How many voices, and who speaks when: ours beside the prototype's algorithm on the same sound."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import soundfile

from bench.speech.compositions import Composer, Composition
from bench.speech.conditions import Sound
from bench.speech.diarization_error import error_seconds
from bench.speech.original_voices import OriginalVoices
from bench.speech.recordings import SpeakerTurn, rttm, voices
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
    serious: int = 0
    """Files in which more voices than there are were found, surely enough for a serious finding."""
    wrong: str = ""


def measured(data: Path | None) -> Iterator[Row]:
    """A row for each kind: composed files, dialogues, meetings."""
    analyzer = SoundAnalyzer(Settings())
    analyzer.load()
    original = OriginalVoices()
    kinds: dict[str, Row] = {}
    for file in (*Composer(voices(data)).all(), *(_given(data) if data else ())):
        row = kinds.setdefault(file.kind, Row(file.kind))
        _add(row, file, analyzer, original)
    yield from kinds.values()


def _add(row: Row, file: Composition, analyzer: SoundAnalyzer, original: OriginalVoices) -> None:
    found = analysis(analyzer, file.sound)
    errors_s, speech_s = error_seconds(file.turns, _turns(found))
    row.files += 1
    row.exact += (count := len(found.voices.speakers)) == file.voice_count
    row.wrong += "" if count == file.voice_count else f" {file.name.split()[-1]}:{file.voice_count}->{count}"
    row.serious += count > file.voice_count and (found.voices.confidence or 0.0) >= SERIOUS
    row.errors_s += errors_s
    row.speech_s += speech_s
    peer = original.turns(file.sound)
    row.peer_exact += len({t.speaker for t in peer}) == file.voice_count
    row.peer_errors_s += error_seconds(file.turns, peer)[0]


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
        for name in ("files", "exact", "serious", "peer_exact", "errors_s", "peer_errors_s", "speech_s"):
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
    return whole
