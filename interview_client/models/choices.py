"""What a submission can choose, and who one is."""

from __future__ import annotations

from interview_client.models.body import Body


class Policy(Body):
    """How measurements become a proposal, what may be measured, when answers are translated, and until when recordings
    can be played.

    `translation` is `after_result`, `on_demand` or `never`; `keep_recordings` is `until_processed` (not at all),
    `until_decided` or `days`, which are `keep_recordings_days` after the result.
    """

    name: str
    description: str = ""
    requires_consent: bool = False
    non_verbal: bool = False
    biometric_comparison: bool = False
    translation: str = "after_result"
    keep_recordings: str = "until_processed"
    keep_recordings_days: float | None = None
    sha256: str = ""
    is_default: bool = False


class Policies(Body):
    """The policies, by name."""

    policies: tuple[Policy, ...] = ()


class RubricCriterion(Body):
    """One criterion of a rubric; `weight` is its share of the total, 0 to 1."""

    name: str
    weight: float = 0.0


class Rubric(Body):
    """What answers to questions for a role are rated by."""

    name: str
    role: str = ""
    criteria: tuple[RubricCriterion, ...] = ()
    sha256: str = ""
    is_default: bool = False


class Rubrics(Body):
    """The rubrics, by name."""

    rubrics: tuple[Rubric, ...] = ()


class Me(Body):
    """Who one is signed in as; without sign-in the name is empty."""

    sign_in: bool = False
    name: str = ""
    scopes: tuple[str, ...] = ()
    organisation: str = "default"
