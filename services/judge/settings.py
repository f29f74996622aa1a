"""Settings of the judge."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from servicekit.settings import ModelSettings, ServerSettings
from services.judge.chat.calibration import FOLDER as CALIBRATIONS
from services.judge.rubrics import FOLDER

BACKENDS = ("huggingface", "openai", "llamacpp", "rules")
TRANSLATORS = ("deepl", "huggingface", "openai", "llamacpp")


class Settings(ServerSettings, ModelSettings):
    """Environment variables start with `JUDGE_`."""

    model_config = SettingsConfigDict(env_prefix="JUDGE_")

    port: int = Field(default=50054, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    backends: str = ",".join(BACKENDS)
    """Backends that rate and summarise, in this order; the next is asked when one fails. A backend whose key or URL is
    empty is left out."""

    translators: str = ",".join(TRANSLATORS)
    """Backends that translate, likewise. If none can, the translation is empty and says why."""

    timeout_s: float = Field(default=60.0, gt=0)
    """Longest wait for one reply of a remote backend, seconds."""

    retries: int = Field(default=2, ge=0, le=5)
    """Further tries of one request when a remote backend is busy or does not answer."""

    max_wait_s: float = Field(default=8.0, ge=0)
    """Longest pause before a further try, seconds. If a backend asks for more, the next one is used."""

    breaker_failures: int = Field(default=3, ge=1)
    """After so many failures in a row a backend is passed over for a while."""

    breaker_pause_s: float = Field(default=60.0, ge=0)
    """For how long it is passed over, seconds."""

    kept_results: int = Field(default=256, ge=0)
    """Ratings and translations that are kept in memory: the same request is answered at once. They hold candidates'
    words; 0 keeps none."""

    kept_results_s: float = Field(default=600.0, gt=0)
    """How long they are kept, seconds: enough for a stage that is tried again."""

    rubrics_dir: Path = FOLDER
    """Folder with the rubrics, one YAML file each."""

    rubric: str = "default"
    """The rubric of requests that name none."""

    samples: int = Field(default=3, ge=1, le=9)
    """Ratings asked of a backend that gives no token probabilities; more than one are drawn with temperature 0.7 and
    their agreement is the confidence."""

    huggingface_token: SecretStr = SecretStr("")
    """Token of Hugging Face inference. Separate from `HF_TOKEN` on purpose: setting it sends candidates' words to a
    third party."""

    huggingface_model: str = "meta-llama/Llama-3.1-8B-Instruct"
    """Model that is asked there; the original's."""

    huggingface_url: str = ""
    """Your own inference endpoint; empty: Hugging Face chooses a provider."""

    openai_url: str = ""
    """Base URL of an OpenAI-compatible server up to `/v1` (vLLM, llama.cpp, TGI); empty: none."""

    openai_key: SecretStr = SecretStr("")
    """Its key; empty: none is sent."""

    openai_model: str = "default"
    """Model that is asked there."""

    deepl_key: SecretStr = SecretStr("")
    """Key of DeepL; empty: DeepL is left out. Setting it sends candidates' words to a third party."""

    deepl_url: str = ""
    """DeepL's server; empty: the one that belongs to the key."""

    llamacpp_model: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"
    """Weights of the model in this process: an embedded name or a path to a GGUF file."""

    llamacpp_context_tokens: int = Field(default=3072, ge=2048)
    """Context of all conversations together, tokens; about 15 kB each."""

    calibration_dir: Path = CALIBRATIONS
    """Folder with a map from levels to scores for each chat model, made by `python -m training.judge calibrate`. The
    levels of a model without one are used as they are, and its scores have no interval."""

    threads: int = Field(default=0, ge=0)
    """CPU threads of the model. 0: as many as there are free cores, measured for a tenth of a second before each piece
    of work: two threads read twice as fast on idle cores and more slowly than one on busy ones."""

    gpu_layers: int = Field(default=0, ge=0)
    """Layers of the model that go to a GPU; needs a build of ik-llama-cpp-python for it."""

    @field_validator("backends")
    @classmethod
    def _known_backends(cls, value: str) -> str:
        return _known(value, BACKENDS)

    @field_validator("translators")
    @classmethod
    def _known_translators(cls, value: str) -> str:
        return _known(value, TRANSLATORS) if value.strip() else ""

    @property
    def backend_names(self) -> tuple[str, ...]:
        """`backends` as names, in order."""
        return names(self.backends)

    @property
    def translator_names(self) -> tuple[str, ...]:
        """`translators` as names, in order."""
        return names(self.translators)


def names(value: str) -> tuple[str, ...]:
    """The names of a comma-separated list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _known(value: str, known: tuple[str, ...]) -> str:
    found = names(value)
    if not found or set(found) - set(known):
        raise ValueError(f"must name at least one of {', '.join(known)}, separated by commas")
    return value
