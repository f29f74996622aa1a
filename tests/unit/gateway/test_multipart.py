"""The form reader gives the same parts however the network cuts the body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import RequestError
from gateway.submissions.multipart import FormReader

CONTENT_TYPE = "multipart/form-data; boundary=b0"
Found = list[tuple[str, str | None, bytes]]


async def pieces(body: bytes, cuts: list[int]) -> AsyncIterator[bytes]:
    places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    for start, end in pairwise(places):
        yield body[start:end]
    yield b""  # Starlette ends a body so


async def read(body: bytes, cuts: list[int]) -> Found:
    found: Found = []
    async for part in FormReader(CONTENT_TYPE, pieces(body, cuts)).parts():
        content = b"".join([chunk async for chunk in part.chunks()])
        found.append((part.name, part.file_name, content))
    return found


def encoded(parts: Found) -> bytes:
    body = b""
    for name, file_name, content in parts:
        suffix = "" if file_name is None else f'; filename="{file_name}"'
        body += f'--b0\r\nContent-Disposition: form-data; name="{name}"{suffix}\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--b0--\r\n"


contents = st.lists(st.sampled_from([b"\r\n", b"--", b"b0", b"\r\n--b", b"x", b"\x00\xff"]), max_size=12).map(b"".join)
parts_given = st.lists(
    st.tuples(
        st.sampled_from(["videos", "question", "nama"]),
        st.none() | st.sampled_from(["", "a.mp4", "wawancara é.webm"]),
        contents.filter(lambda c: b"\r\n--b0" not in b"\r\n" + c),
    ),
    min_size=1,
    max_size=4,
)


@given(parts=parts_given, cuts=st.lists(st.integers(0, 600), max_size=30))
def test_any_cut_gives_the_same_parts(parts: Found, cuts: list[int]) -> None:
    assert asyncio.run(read(encoded(parts), cuts)) == parts


@given(cut=st.integers(0, 400))
def test_a_body_that_breaks_off_is_refused(cut: int) -> None:
    body = encoded([("question", None, b"Why?"), ("videos", "a.mp4", b"\x00" * 300)])
    with pytest.raises(RequestError, match="incomplete"):
        asyncio.run(read(body[: min(cut, len(body) - 5)], [50, 150]))


async def test_parts_that_nobody_reads_are_skipped() -> None:
    body = encoded([("a", "x.mp4", b"1" * 5000), ("b", None, b" two ")])
    names = [part.name async for part in FormReader(CONTENT_TYPE, pieces(body, [100, 2000])).parts()]
    assert names == ["a", "b"]
    texts = [await part.text() async for part in FormReader(CONTENT_TYPE, pieces(body, [70])).parts()]
    assert texts == ["1" * 5000, "two"]


async def test_text_that_is_not_utf_8_is_refused() -> None:
    reader = FormReader(CONTENT_TYPE, pieces(encoded([("question", None, b"\xff\xfe")]), []))
    with pytest.raises(RequestError, match="not UTF-8"):
        [await part.text() async for part in reader.parts()]


async def test_endless_headers_are_refused() -> None:
    body = b'--b0\r\nContent-Disposition: form-data; name="' + b"x" * 100_000
    with pytest.raises(RequestError, match="not valid"):
        await read(body, [1000])


@pytest.mark.parametrize("content_type", ["", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 71])
def test_a_form_needs_a_boundary(content_type: str) -> None:
    with pytest.raises(RequestError) as caught:
        FormReader(content_type, pieces(b"", []))
    assert caught.value.status == 400
