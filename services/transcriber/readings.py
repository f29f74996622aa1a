"""How windows are read with faster-whisper: in which language, at once, and a second time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.transcribe import restore_speech_timestamps
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from services.transcriber.languages import Opinion, stretches
from services.transcriber.sentences import Decoded, decoded, merged
from services.transcriber.windows import Recording, Window, clips, size


class EncodingOnce(WhisperModel):  # type: ignore[misc]  # the library has no types
    """Keeps each thread's last encoding: the language is looked for in what is then read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As the library's."""
        super().__init__(*args, **options)
        self._last = threading.local()

    def encode(self, features: NDArray[np.float32]) -> ctranslate2.StorageView:
        """As the library's."""
        if (kept := getattr(self._last, "kept", None)) and np.array_equal(kept[0], features):
            return kept[1]
        found = super().encode(features)
        self._last.kept = features, found
        return found


@dataclass(frozen=True, slots=True)
class WhisperReadings:
    """`Readings` by a loaded model; how it searches."""

    model: WhisperModel
    beam_size: int
    prompts: dict[str, str | None]
    """Text that sets the context, by language."""

    def opinions(self, recording: Recording, group: Sequence[Window], allowed: Sequence[str]) -> list[list[Opinion]]:
        """What the model thinks of each stretch of each window: the probability of every allowed language.

        The whole window is encoded once, as reading does, and its frames are then asked in short pieces.
        """
        features = np.stack([self._features(recording, window) for window in group])
        encoded = self.model.encode(features).to_device(ctranslate2.Device.cpu)
        frames = np.asarray(encoded.to(ctranslate2.DataType.float32))  # numpy has no bfloat16
        return [
            [self._opinion(heard[first:last], allowed) for first, last in stretches(size(window) / SAMPLE_RATE_HZ)]
            for heard, window in zip(frames, group, strict=True)
        ]

    def opinion(self, recording: Recording, window: Window, allowed: Sequence[str]) -> Opinion:
        """What the model thinks of a window as a whole."""
        features = self._features(recording, window)[np.newaxis]
        return self._asked(self.model.encode(features), allowed)

    def first(
        self, recording: Recording, group: Sequence[Window], language: str, before: str, after_s: float
    ) -> list[Decoded]:
        """The windows read at once and each as a whole, without time stamps, after what was said `before`."""
        chunks = [chunk for window in group for chunk in window]
        heard, _ = BatchedInferencePipeline(self.model).transcribe(
            recording.samples(chunks),
            clip_timestamps=clips(group),
            batch_size=len(group),
            temperature=0.0,
            **self._options(language, before),
        )
        restored = restore_speech_timestamps(heard, chunks, SAMPLE_RATE_HZ)
        found = decoded(restored, recording.speech, map(recording.speech_s, group), language, after_s)
        return [replace(window, told=self._told(language)) for window in found]

    def second(
        self,
        recording: Recording,
        window: Window,
        language: str,
        temperatures: Sequence[float],
        after_s: float,
    ) -> Decoded:
        """A window read with time stamps, from each to the next: where one pass ends early, another goes on."""
        found, _ = self.model.transcribe(
            recording.samples(window),
            temperature=list(temperatures),
            condition_on_previous_text=False,
            **self._options(language),
        )
        restored = list(restore_speech_timestamps(found, window, SAMPLE_RATE_HZ))
        read = merged(restored, recording.speech, recording.speech_s(window), language, after_s)
        return replace(read, told=self._told(language))

    def _features(self, recording: Recording, window: Window) -> NDArray[np.float32]:
        """As the batched pipeline makes them."""
        heard: NDArray[np.float32] = self.model.feature_extractor(recording.samples(window))[..., :-1]
        return np.asarray(pad_or_trim(heard))

    def _opinion(self, frames: NDArray[np.float32], allowed: Iterable[str]) -> Opinion:
        return self._asked(ctranslate2.StorageView.from_array(np.ascontiguousarray(frames[np.newaxis])), allowed)

    def _asked(self, encoded: ctranslate2.StorageView, allowed: Iterable[str]) -> Opinion:
        (ranked,) = self.model.model.detect_language(encoded)
        probabilities = {token[2:-2]: float(p) for token, p in ranked}
        return {code: probabilities.get(code, 0.0) for code in allowed}

    def _told(self, language: str) -> str:
        return self.prompts.get(language) or ""

    def _options(self, language: str, before: str = "") -> dict[str, Any]:
        prompt = " ".join(filter(None, (self._told(language), before)))
        return {
            "language": language,
            "beam_size": self.beam_size,
            "initial_prompt": prompt or None,
            "word_timestamps": True,
        }
