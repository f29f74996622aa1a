"""Policies: how measurements become a proposal, and what may be measured at all. One YAML file each, in `policies/`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

POLICIES = Path(__file__).resolve().parents[2] / "policies"
DEFAULT = "default"
KEEP_FAILED_RECORDINGS_DAYS = 7.0
"""Where a policy does not say."""

Points = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Rating = Annotated[int, Field(ge=1, le=5)]
Outcome = Literal["pass", "consider", "fail"]
Translation = Literal["after_result", "on_demand", "never"]
SwitchedOff = Literal["non_verbal", "biometric_comparison", "voices"]
"""What a policy may not let any service compute."""
Keeping = Literal["until_processed", "until_decided"] | Annotated[float, Field(gt=0, le=365)]
"""Until when a recording can be played; a number: so many days after the result."""
Risk = Literal["Safe", "Medium Risk", "High Risk"]


class PolicyError(Exception):
    """A policy file that cannot be used; the message names it and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Weights(_Part):
    """What the parts of an answer's score weigh; they need not add up to 1."""

    answer: Weight
    transcript_confidence: Weight
    integrity: Weight
    non_verbal: Weight

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not sum(self.model_dump().values()):
            raise ValueError("at least one weight must be above 0")
        return self


class Policy(_Part):
    """One policy; see policies/default.yaml for what each field does."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
    description: Annotated[str, Field(min_length=1, max_length=500)]
    weights: Weights
    integrity_points: dict[Risk, Points]
    project_weight: Share
    rating_limits: tuple[Points, Points, Points, Points]
    pass_rating: Rating
    consider_rating: Rating
    caps: dict[Literal["Safe", "Medium Risk", "High Risk", "No Data"], Outcome]
    least_scored_ratio: Share
    interval: Literal["widen", "ignore"] = "widen"
    non_verbal: bool
    biometric_comparison: bool
    voices: bool = True
    requires_consent: bool
    translation: Translation = "after_result"
    blind_review: bool = False
    keep_recordings: Keeping = "until_processed"
    keep_failed_recordings_days: Annotated[float, Field(ge=0, le=90)] = KEEP_FAILED_RECORDINGS_DAYS
    sha256: str = ""
    """Of the file."""

    @property
    def switched_off(self) -> tuple[SwitchedOff, ...]:
        """What no service computes."""
        return tuple(name for name in get_args(SwitchedOff) if not getattr(self, name))

    @property
    def keeps_recordings(self) -> bool:
        """Whether recordings can be played after they were processed."""
        return self.keep_recordings != "until_processed"

    @property
    def keep_recordings_days(self) -> float | None:
        """For how many days after the result recordings can be played; None where no number says so."""
        return None if isinstance(self.keep_recordings, str) else self.keep_recordings

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if list(self.rating_limits) != sorted(self.rating_limits, reverse=True):
            raise ValueError("rating_limits must fall")
        if self.pass_rating < self.consider_rating:
            raise ValueError("pass_rating must not be below consider_rating")
        if len(self.caps) < 4 or len(self.integrity_points) < 3:
            raise ValueError("caps and integrity_points need every verdict")
        if self.weights.non_verbal and not self.non_verbal:
            raise ValueError("non_verbal has a weight but is switched off")
        if self.biometric_comparison and not self.voices:
            raise ValueError("biometric_comparison needs voices")
        return self


def load(folder: Path = POLICIES) -> dict[str, Policy]:
    """Every policy of a folder by name. Raises PolicyError."""
    found = [read(path) for path in sorted(folder.glob("*.yaml"))]
    if len({policy.name for policy in found}) < len(found):
        raise PolicyError(f"{folder}: two policies have the same name")
    if not found:
        raise PolicyError(f"{folder}: there are no policies (*.yaml)")
    return {policy.name: policy for policy in found}


def read(path: Path) -> Policy:
    """One policy file. Raises PolicyError."""
    content = path.read_bytes()
    try:
        return Policy.model_validate(yaml.safe_load(content) | {"sha256": hashlib.sha256(content).hexdigest()})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise PolicyError(f"{path}: {problems}") from None
    except (yaml.YAMLError, TypeError) as error:
        raise PolicyError(f"{path} is not a YAML file of a policy ({error})") from None
