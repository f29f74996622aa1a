from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interview.common.v1.media_pb2 import MediaRef

from servicekit import wire
from servicekit.errors import ServiceError
from servicekit.media import Media
from servicekit.storage.segments import DataKey
from servicekit.wire import Model, Span

MOMENTS_S = st.floats(0, 1e5)


@given(MOMENTS_S)
def test_a_duration_is_exact_to_a_microsecond(moment_s: float) -> None:
    assert wire.seconds(wire.duration(moment_s)) == pytest.approx(moment_s, abs=1e-6)


def test_a_duration_is_rounded_and_not_cut() -> None:
    assert wire.duration(0.29).ToMicroseconds() == 290_000
    assert wire.duration(1.9999996).ToMicroseconds() == 2_000_000


@given(MOMENTS_S, MOMENTS_S)
def test_a_span_comes_back(start_s: float, end_s: float) -> None:
    found = wire.span_value(wire.span_message(Span(start_s, end_s)))
    assert (found.start_s, found.end_s) == pytest.approx((start_s, end_s), abs=1e-6)


def test_models_and_media_come_back() -> None:
    model = Model("whisper-base", "1.0.0", "0" * 64, "ctranslate2 4", "cpu", "int8")
    media = Media("file:///store/a", 5, "1" * 64)
    assert wire.model_value(wire.model_message(model)) == model
    assert wire.media_value(wire.media_message(media)) == media


def test_media_without_an_address_is_refused() -> None:
    with pytest.raises(ServiceError, match=r"FIELD_INVALID: media\.uri"):
        wire.media_value(MediaRef(size_bytes=5))


@pytest.mark.parametrize(("fraction", "sent"), [(-0.5, 0.0), (0.25, 0.25), (1.5, 1.0)])
def test_progress_stays_within_its_bar(fraction: float, sent: float) -> None:
    message = wire.progress_message(wire.Progress(fraction, 2.5))
    assert (message.fraction, wire.seconds(message.position)) == (sent, 2.5)


def test_usage_keeps_its_two_times_apart() -> None:
    message = wire.usage_message(3.0, 45.0)
    assert (wire.seconds(message.wall_time), wire.seconds(message.media_duration)) == (3.0, 45.0)


def test_a_key_comes_back_with_its_file_and_apart_from_it() -> None:
    key, media = DataKey.new(), Media("file:///store/a", 5, "1" * 64)
    message = wire.media_message(media, key)
    assert (wire.media_value(message), wire.data_key_of(message)) == (media, key)
    assert wire.data_key_of(wire.media_message(media)) is None
    assert not wire.media_message(media).HasField("data_key")
    message.data_key.secret = b"short"
    with pytest.raises(ServiceError, match="FIELD_INVALID: data_key"):
        wire.data_key_of(message)
