"""Messages of any kind, made from their description alone: what no client of ours would send."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

DEEPEST = 4
TEXTS = (
    "", " ", "a", "0" * 32, "0" * 64, "en", "id", "xx", "\0", "a\0b", "%", "_", "'; DROP TABLE sessions; --",
    "../../etc/passwd", "file:///etc/passwd", "s3://elsewhere/x", "http://", "http://[", "https://example.org:99999/",
    "\u202e\ufeff", "\U0010ffff", "e\u0301" * 40, "nan", "1e999", "-1", "a" * 2001, "ï" * 20_000,
    "<script>alert(1)</script>", "=1+1", "\n\r\t", "[]", "{}",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 100, 2**31 - 1, -(2**31), 2**32 - 1, 2**63 - 1, -(2**63), 2**64 - 1)
FRACTIONS = (0.0, 1.0, -1.0, 0.5, 1e308, 5e-324, float("inf"), float("-inf"), float("nan"))
_WHOLE = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_ENUM: (-(2**31), 2**31 - 1),
}


def generated(kind: Descriptor, source: random.Random, texts: Sequence[str] = TEXTS, depth: int = 0) -> Message:
    """A message with some of its fields; `texts` are what its strings are chosen from."""
    made: Message = GetMessageClass(kind)()
    for field in kind.fields:
        if source.random() < 0.25:
            continue
        if field.is_repeated:
            values = [_value(field, source, texts, depth) for _ in range(source.choice((0, 1, 2, 30)))]
            getattr(made, field.name).extend(value for value in values if value is not None)
        elif (value := _value(field, source, texts, depth)) is not None:
            _set(made, field, value)
    return made


def _value(field: FieldDescriptor, source: random.Random, texts: Sequence[str], depth: int) -> Any:
    if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        kind = field.message_type
        return generated(kind, source, texts, depth + 1) if kind is not None and depth < DEEPEST else None
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        text = source.choice(texts)
        return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return source.random() < 0.5
    if field.cpp_type in _WHOLE:
        least, most = _WHOLE[field.cpp_type]
        known = [value.number for value in field.enum_type.values] if field.enum_type else []
        return source.choice([*known, *(number for number in NUMBERS if least <= number <= most)])
    return source.choice(FRACTIONS)


def _set(message: Message, field: FieldDescriptor, value: Any) -> None:
    if isinstance(value, Message):
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)
