"""What the decoding process and its caller say to each other: a line of JSON with a length, then plain bytes.

Never pickled objects: what a damaged decoder sends must not run in the caller.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from typing import Any

HEAD = struct.Struct("<II")
LONGEST_HEADER, LONGEST_PAYLOAD = 64 << 20, 64 << 20


def send(file: int, header: dict[str, Any], payload: Sequence[memoryview | bytes] = ()) -> None:
    """Write a message whole."""
    text = json.dumps(header).encode()
    parts = [HEAD.pack(len(text), sum(memoryview(part).nbytes for part in payload)), text, *payload]
    left = [memoryview(part).cast("B") for part in parts if len(part)]
    while left:
        written = os.writev(file, left)
        while left and written >= left[0].nbytes:
            written -= left.pop(0).nbytes
        if written:
            left[0] = left[0][written:]
