"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass

KEY_PREFIX = "ias_"
"""How every key begins, so that it is told from a token."""

ADMIN = "admin"
ALL = frozenset({"submit", "read", "review", ADMIN})


@dataclass(frozen=True, slots=True)
class Principal:
    """A key or a person: `id` for owners and limits, `name` for people to read, what it may do.

    Without sign-in everyone is `ANYONE`: its empty name means that bodies name reviewers themselves.
    """

    id: str
    name: str
    scopes: frozenset[str]

    def may(self, needed: frozenset[str]) -> bool:
        """Whether one of the needed scopes is there; nothing needed is always there."""
        return not needed or ADMIN in self.scopes or bool(needed & self.scopes)


ANYONE = Principal("", "", ALL)
