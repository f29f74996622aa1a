"""Between the orchestrator's messages and bodies, field by field of the same name.

A field that both have is carried over by its name alone; only what is made of several fields, or called otherwise, is
written down where it is made.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.schemas import Body
from servicekit.enums import UNSPECIFIED, number_of, short_name

B = TypeVar("B", bound=Body)
M = TypeVar("M", bound=Message)
Field = Any
"""A field's descriptor, of which the type stubs have two kinds."""


def body(kind: type[B], message: Message, **made: Any) -> B:
    """A body of a message's fields, and of those that are `made` otherwise.

    Enums become their short names in lower case, times moments in UTC, what is absent None. Raises pydantic's
    ValidationError where message and body do not fit.
    """
    known = message.DESCRIPTOR.fields_by_name
    found = {name: _value(message, known[name]) for name in kind.model_fields if name in known and name not in made}
    return kind.model_validate(found | made)


def message(kind: type[M], values: Body) -> M:
    """A message of the fields of a body that it has. Enums are named as bodies name them."""
    return _filled(kind(), values.model_dump())


def _filled(made: M, values: dict[str, Any]) -> M:
    for name, value in values.items():
        field: Field | None = made.DESCRIPTOR.fields_by_name.get(name)
        if field is None or value is None:
            continue
        if field.is_repeated and field.type == FieldDescriptor.TYPE_MESSAGE:
            for item in value:
                _filled(getattr(made, name).add(), item)
        elif field.is_repeated:
            getattr(made, name).extend(value)
        else:
            number = field.type == FieldDescriptor.TYPE_ENUM
            setattr(made, name, number_of(field.enum_type, value) if number else value)
    return made


def _value(message: Message, field: Field) -> Any:
    value = getattr(message, field.name)
    if field.is_repeated:
        return [_single(item, field) for item in value]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _single(value, field)


def _single(value: Any, field: Field) -> Any:
    if isinstance(value, Timestamp):
        return value.ToDatetime(tzinfo=UTC)
    if isinstance(value, Message):
        return {name: _value(value, inner) for name, inner in value.DESCRIPTOR.fields_by_name.items()}
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _named(field, value)
    return value


def _named(field: Field, number: int) -> str:
    name = short_name(field.enum_type, number).lower()
    # A state that nobody has set yet is that of what has not begun.
    return "pending" if name == UNSPECIFIED.lower() and field.name == "state" else name
