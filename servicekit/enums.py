"""Enums of the contract by short names: `SESSION_STATE_RUNNING` is RUNNING of SessionState."""

from __future__ import annotations

from google.protobuf.descriptor import EnumDescriptor

UNSPECIFIED = "UNSPECIFIED"


def prefix(enum: EnumDescriptor) -> str:
    """What all names of an enum begin with; its value 0 is `<prefix>UNSPECIFIED`."""
    return enum.values_by_number[0].name.removesuffix(UNSPECIFIED)


def short_name(enum: EnumDescriptor, number: int) -> str:
    """The name of a number without the prefix, upper case. Raises KeyError for a number that it does not know."""
    return enum.values_by_number[number].name.removeprefix(prefix(enum))


def number_of(enum: EnumDescriptor, short: str) -> int:
    """The number of a name without the prefix, in whatever case. Raises KeyError for a name that it does not know."""
    return enum.values_by_name[prefix(enum) + short.upper()].number
