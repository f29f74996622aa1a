"""Reading multipart/form-data as it arrives: one part after the other, nothing kept."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from gateway.errors import bad_request, too_large

MAX_TEXT_BYTES = 64 << 10
"""Largest text field, bytes: a reference answer of 10,000 characters is the longest that is allowed."""

_INCOMPLETE = "The upload is incomplete: the form ends before its last boundary. Send it again."


class _Mark(Enum):
    PART_END = 1
    FORM_END = 2


@dataclass(frozen=True, slots=True)
class _Head:
    name: str
    file_name: str | None


class Part:
    """One field of a form. Read it before asking for the next one; what is not read is skipped.

    `file_name` is None for a text field, and empty for a file input in which nothing was chosen.
    """

    def __init__(self, head: _Head, reader: FormReader) -> None:
        self.name = head.name
        self.file_name = head.file_name
        self._reader = reader
        self._ended = False

    async def chunks(self) -> AsyncIterator[memoryview]:
        """The content as it arrives, without a copy. Raises RequestError 400 when the form breaks off."""
        while not self._ended:
            event = await self._reader.next_event()
            if isinstance(event, memoryview):
                yield event
            else:
                self._ended = True

    async def text(self, max_bytes: int = MAX_TEXT_BYTES) -> str:
        """The content as UTF-8 text without surrounding white space. Raises RequestError 413, 400."""
        content = bytearray()
        async for chunk in self.chunks():
            content += chunk
            if len(content) > max_bytes:
                raise too_large(f"The field {self.name} is longer than {max_bytes} bytes.")
        try:
            return content.decode().strip()
        except UnicodeDecodeError:
            raise bad_request(f"The field {self.name} is not UTF-8 text.") from None


class FormReader:
    """The parts of a form, in the order in which they arrive."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes]) -> None:
        """Read `body`, whose boundary is in `content_type`. Raises RequestError 400 when there is none."""
        self._body = body
        self._events: deque[_Head | memoryview | _Mark] = deque()
        self._parser = MultipartParser(
            _boundary(content_type),
            callbacks={
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": lambda: self._events.append(_Mark.PART_END),
                "on_end": lambda: self._events.append(_Mark.FORM_END),
            },
        )

    async def parts(self) -> AsyncIterator[Part]:
        """Every part. Raises RequestError 400 when the form is malformed or breaks off."""
        while (event := await self.next_event()) is not _Mark.FORM_END:
            if isinstance(event, _Head):
                part = Part(event, self)
                yield part
                async for _ in part.chunks():
                    pass

    async def next_event(self) -> _Head | memoryview | _Mark:
        """What the parser found next; memory holds one network read at most."""
        while not self._events:
            chunk = await anext(self._body, None)
            if chunk is None:
                raise bad_request(_INCOMPLETE)
            self._feed(chunk)
        return self._events.popleft()

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise bad_request(f"The body is not valid multipart/form-data: {error}.") from None

    def _on_part_begin(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._header_name, self._header_value = b"", b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"name" not in options:
            raise bad_request("The body is not valid multipart/form-data: a part has no name.")
        file_name = options.get(b"filename")
        name = options[b"name"].decode(errors="replace")
        self._events.append(_Head(name, None if file_name is None else file_name.decode(errors="replace")))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(memoryview(data)[start:end])


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise bad_request("Send the form as multipart/form-data.")
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:  # RFC 2046, section 5.1.1
        raise bad_request("The Content-Type header has no valid boundary. Let your HTTP library write that header.")
    return boundary
