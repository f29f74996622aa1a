"""From rows to the messages of `OrchestratorService`, field by field of the same name.

A field that both have is carried over by its name alone; only what is made of several columns, or called otherwise, is
written down where it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servicekit.enums import number_of
from servicekit.wire import timestamp

M = TypeVar("M", bound=Message)
Field = Any
"""A field's descriptor, of which the type stubs have two kinds."""
MOMENTS = {
    "create_time": "created_at",
    "update_time": "updated_at",
    "start_time": "started_at",
    "end_time": "ended_at",
    "retention_end_time": "retention_end_at",
    "expire_time": "expires_at",
    "revoke_time": "revoked_at",
    "time": "at",
    "freeze_time": "frozen_at",
    "close_time": "closes_at",
    "archive_time": "archived_at",
    "send_time": "sent_at",
    "remind_time": "reminded_at",
    "open_time": "opened_at",
    "hand_in_time": "handed_in_at",
    "shortlist_time": "shortlisted_at",
    "try_time": "tried_at",
    "contest_time": "contested_at",
}
"""Columns of times by the fields that they fill."""


def message(kind: type[M], row: object, **made: Any) -> M:
    """A message of a row's columns (or a mapping's values), and of the fields that are `made` otherwise.

    Raises AttributeError or KeyError for a field that is neither there nor made.
    """
    names = [name for name in kind.DESCRIPTOR.fields_by_name if name not in made]
    found = {name: _value(kind.DESCRIPTOR.fields_by_name[name], _column(row, name)) for name in names}
    return kind(**found, **made)


def _column(row: object, name: str) -> Any:
    column = MOMENTS.get(name, name)
    return row[column] if isinstance(row, Mapping) else getattr(row, column)


def _value(field: Field, value: Any) -> Any:
    if field.type == FieldDescriptor.TYPE_ENUM:
        return number_of(field.enum_type, value)
    if field.type != FieldDescriptor.TYPE_MESSAGE:
        return value
    return timestamp(value)
