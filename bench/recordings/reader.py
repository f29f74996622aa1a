"""A recording read by the three services, each only when something about it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from servicekit.wire import Span
from services.audio.analyzer import SoundAnalyzer
from services.audio.model import AudioResult
from services.audio.settings import Settings as AudioSettings
from services.transcriber.model import TranscriptionInput, TranscriptionResult
from services.transcriber.settings import Settings as TranscriberSettings
from services.transcriber.whisper import Whisper
from services.vision.analyzer import PictureAnalyzer
from services.vision.model import EventKind, VisionEvent, VisionResult
from services.vision.settings import Settings as VisionSettings


class Services:
    """The analyzers of the three services, loaded when first used."""

    @cached_property
    def vision(self) -> PictureAnalyzer:
        """Of the picture."""
        found = PictureAnalyzer(VisionSettings())
        found.load()
        return found

    @cached_property
    def audio(self) -> SoundAnalyzer:
        """Of speech and voices."""
        found = SoundAnalyzer(AudioSettings())
        found.load()
        return found

    @cached_property
    def transcriber(self) -> Whisper:
        """Of words."""
        found = Whisper(TranscriberSettings())
        found.load()
        return found

    def close(self) -> None:
        """Let go of what holds more than memory."""
        if "vision" in self.__dict__:
            self.vision.close()


class Reading:
    """What the services say of one recording."""

    def __init__(self, services: Services, path: Path, language: str) -> None:
        """Read nothing yet."""
        self._services, self._path, self._language = services, path, language

    @cached_property
    def _seen(self) -> Sequence[object]:
        return list(self._services.vision.analyze(self._path))

    @cached_property
    def picture(self) -> VisionResult:
        """What holds for the whole picture."""
        found = self._seen[-1]
        assert isinstance(found, VisionResult)
        return found

    @cached_property
    def sound(self) -> AudioResult:
        """Speech and voices."""
        *_, found = self._services.audio.analyze(self._path)
        assert isinstance(found, AudioResult)
        return found

    @cached_property
    def words(self) -> TranscriptionResult:
        """The transcript."""
        *_, found = self._services.transcriber.transcribe(TranscriptionInput(self._path, self._language))
        assert isinstance(found, TranscriptionResult)
        return found

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(segment.text for segment in self.words.segments)

    def events(self, *kinds: EventKind) -> list[VisionEvent]:
        """What of these kinds was seen."""
        return [e for e in self._seen if isinstance(e, VisionEvent) and e.kind in kinds]

    def spans(self, *kinds: EventKind) -> list[Span]:
        """When it was."""
        return [event.span for event in self.events(*kinds)]
