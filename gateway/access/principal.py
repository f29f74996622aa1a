"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass

from servicekit.organisation import DEFAULT

KEY_PREFIX = "ias_"
"""How every key begins, so that it is told from a token."""

PERSON_PREFIX = "oidc:"
"""How the ids of people begin whom the company's sign-in server knows."""

ADMIN = "admin"
ALL = frozenset({"submit", "read", "review", "audit", ADMIN})


@dataclass(frozen=True, slots=True)
class Principal:
    """A key or a person: `id` for owners and limits, `name` for people to read, what it may do.

    It acts for one `organisation`, in which `member` is its id, if it is a person who is a member. Without sign-in
    everyone is `ANYONE`, of the default one: its empty name means that bodies name reviewers themselves.
    """

    id: str
    name: str
    scopes: frozenset[str]
    organisation: str = DEFAULT
    member: str = ""

    @property
    def subject(self) -> str:
        """What the sign-in server calls a member."""
        return self.id.removeprefix(PERSON_PREFIX)

    @property
    def place(self) -> str:
        """Whose uploads and idempotency keys are this one's: the same person may be in several organisations."""
        return self.id if self.organisation == DEFAULT else f"{self.organisation}/{self.id}"

    def may(self, needed: frozenset[str]) -> bool:
        """Whether one of the needed scopes is there; nothing needed is always there."""
        return not needed or ADMIN in self.scopes or bool(needed & self.scopes)


ANYONE = Principal("", "", ALL)
