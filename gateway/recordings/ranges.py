"""Parts of a file that somebody asks for (RFC 9110, 14): one range of bytes; what asks for several is given all."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """`length` bytes from byte `start` on."""

    start: int
    length: int

    def of(self, size: int) -> str:
        """As `Content-Range` has it, of a file of so many bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


class NotSatisfiable(Exception):
    """The range begins behind the end of the file."""


def asked_range(header: str, if_range: str, tag: str, size: int) -> ByteRange | None:
    """The range in a `Range` header of a file with the entity tag `tag`; None where all of it is to be sent.

    `if_range`: the header of that name; of another version of the file the range means nothing. Raises NotSatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header)
    if found is None or found[0].strip().endswith("=-") or (if_range and if_range.strip() != tag):
        return None
    first, last = found.groups()
    if not first:
        start = max(0, size - int(last))
        if not int(last):
            raise NotSatisfiable
    elif last and int(last) < int(first):
        return None
    else:
        start = int(first)
    end = min(size, int(last) + 1) if first and last else size
    if start >= size:
        raise NotSatisfiable
    return ByteRange(start, end - start)
