"""Settings of the transcriber."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from servicekit.settings import DecodingSettings, ModelSettings, ServerSettings, StoreSettings


class Settings(ServerSettings, StoreSettings, ModelSettings, DecodingSettings):
    """Environment variables start with `TRANSCRIBER_`."""

    model_config = SettingsConfigDict(env_prefix="TRANSCRIBER_")

    port: int = Field(default=50051, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    model: str = "whisper-base"
    """Whisper model: an embedded name, `large-v3`, `large-v3-turbo`, `organisation/repository@revision`, or a path."""

    device: str = Field(default="auto", pattern="^(auto|cpu|cuda)$")
    """`cpu`, `cuda`, or `auto`: CUDA when there is a device."""

    compute_type: str = "auto"
    """CTranslate2 arithmetic; `auto`: `float16` on CUDA, `int8` on the CPU."""

    threads: int = Field(default=1, ge=1)
    """CPU threads of one transcription. A second one gains nothing on two cores that other services use as well:
    45 s of sound took 3.7 to 6.4 s with one thread, 4.2 to 9.6 s with two."""

    beam_size: int = Field(default=5, ge=1, le=10)
    """Beam width of the decoder."""

    temperatures: tuple[float, ...] = Field(default=(0.0,), min_length=1)
    """Sampling temperatures tried in turn by the second reading of a window that failed. Any above 0 makes the same
    request give different answers, and did not lower the word error rate of noisy speech (0.0, 0.2 against 0.0 at 5 and
    0 dB)."""

    vad_threshold: float = Field(default=0.3, gt=0, lt=1)
    """Speech probability from which sound counts as speech; the original's value."""

    min_speech_duration_ms: int = Field(default=200, ge=0)
    """Shorter stretches of speech are dropped; the original's value."""

    min_silence_duration_ms: int = Field(default=1500, ge=0)
    """Shorter pauses do not split speech; the original's value."""

    speech_pad_ms: int = Field(default=1000, ge=0)
    """How much sound around speech is decoded with it. Whisper mishears words that begin at once: with 0.4 s short
    sentences had a word error rate of 13.5 %, with 1 s 11.8 %, as uncut."""

    batch_size: int = Field(default=0, ge=0)
    """Windows of 30 s decoded at once. 0: one on the CPU, eight on CUDA."""

    languages: tuple[str, ...] = ("en", "id")
    """Languages that are accepted and detected among, also within one answer. With a single language, none is detected.
    """

    initial_prompts: dict[str, str] = Field(default_factory=dict)
    """Text that sets context and spelling, by language. Empty: none. The original's "This is a professional interview
    in English." changed the word error rate of three sets by 0.0, 0.0 and -1.7 points and of the sample by +1.4: one
    or two words each."""

    insufficient_words: int = Field(default=5, ge=0)
    """Fewer words make a transcript insufficient to judge an answer by. Chosen by us."""

    insufficient_speech_s: float = Field(default=1.0, ge=0)
    """Fewer seconds of speech make a transcript insufficient. Chosen by us."""

    insufficient_confidence: float = Field(default=0.55, ge=0, le=1)
    """A lower mean word probability makes a transcript insufficient. Chosen by us: an Indonesian answer decoded as
    English reads 0.50, speech with louder noise (-3 dB, every second word wrong) 0.45 to 0.6."""

    insufficient_dropped_ratio: float = Field(default=0.5, ge=0, le=1)
    """A larger share of speech without a transcript makes it insufficient. Chosen by us."""

    usable_dropped_ratio: float = Field(default=0.1, ge=0, le=1)
    """A larger share of speech without a transcript makes it `usable` instead of `good`. Chosen by us."""

    usable_confidence: float = Field(default=0.75, ge=0, le=1)
    """A lower mean word probability makes a transcript `usable` instead of `good`. Chosen by us: with noise at 0 dB the
    word error rate is 0.3 to 0.6 and this figure 0.6 to 0.7; clean speech has 0.8 to 0.97."""
