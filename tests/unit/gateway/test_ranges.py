"""Which bytes a `Range` header asks for."""

from __future__ import annotations

import pytest

from gateway.recordings.ranges import ByteRange, NotSatisfiable, asked_range

TAG = '"a"'


@pytest.mark.parametrize(
    ("header", "start", "length"),
    [
        ("bytes=0-", 0, 100), ("bytes=0-0", 0, 1), ("bytes=10-19", 10, 10), ("bytes=90-200", 90, 10),
        ("bytes=-10", 90, 10), ("bytes=-200", 0, 100), ("Bytes= 99-", 99, 1),
    ],
)  # fmt: skip
def test_one_range(header: str, start: int, length: int) -> None:
    assert asked_range(header, "", TAG, 100) == ByteRange(start, length)
    assert asked_range(header, TAG, TAG, 100) == ByteRange(start, length)


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=--1"]
)
def test_what_is_no_range_or_several_is_all_of_it(header: str) -> None:
    assert asked_range(header, "", TAG, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999-"])
def test_what_lies_behind_the_end(header: str) -> None:
    with pytest.raises(NotSatisfiable):
        asked_range(header, "", TAG, 100)


@pytest.mark.parametrize("if_range", ['"b"', 'W/"a"', "Sun, 29 Nov 2026 09:00:00 GMT"])
def test_of_another_version_all_of_it(if_range: str) -> None:
    assert asked_range("bytes=10-19", if_range, TAG, 100) is None


def test_how_it_is_said() -> None:
    assert ByteRange(10, 10).of(100) == "bytes 10-19/100"
