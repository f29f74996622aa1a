"""Conversions between the shared protobuf messages and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from interview.common.v1 import media_pb2, model_pb2, time_span_pb2

from servicekit.errors import field_invalid
from servicekit.media import Media
from servicekit.storage.segments import DataKey


@dataclass(frozen=True, slots=True)
class Model:
    """One model or algorithm, exactly as it ran. The fields are those of `interview.common.v1.ModelInfo`."""

    name: str
    version: str
    sha256: str = ""
    runtime: str = ""
    device: str = "cpu"
    compute_type: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of media time in seconds on the recording's clock; `end_s` is never before `start_s`."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work has come: 0 to 1, and the position in the media in seconds."""

    fraction: float
    position_s: float


@dataclass(frozen=True, slots=True)
class Track:
    """A sound or picture track that was taken: its number in the file, how many of its kind there are, its codec, and
    why this one: `only`, `decodable` (no other can be decoded), `first`, `speech` (somebody speaks in it), `face`.
    """

    index: int
    count: int
    codec: str
    why: str


class DataKeyHolder(Protocol):
    """A message with a field `data_key`."""

    @property
    def data_key(self) -> media_pb2.DataKey:
        """The key."""

    def HasField(self, field_name: Literal["data_key"], /) -> bool:
        """Whether there is one."""


def duration(seconds: float) -> Duration:
    """Seconds as a protobuf Duration, to the microsecond."""
    message = Duration()
    message.FromMicroseconds(round(seconds * 1e6))
    return message


def seconds(message: Duration) -> float:
    """A protobuf Duration in seconds."""
    return message.ToMicroseconds() / 1e6


def span_message(span: Span) -> time_span_pb2.TimeSpan:
    """A span on the wire."""
    return time_span_pb2.TimeSpan(start_offset=duration(span.start_s), end_offset=duration(span.end_s))


def span_value(message: time_span_pb2.TimeSpan) -> Span:
    """A span from the wire."""
    return Span(seconds(message.start_offset), seconds(message.end_offset))


def model_message(model: Model) -> model_pb2.ModelInfo:
    """A model on the wire."""
    return model_pb2.ModelInfo(
        name=model.name,
        version=model.version,
        sha256=model.sha256,
        runtime=model.runtime,
        device=model.device,
        compute_type=model.compute_type,
    )


def model_value(message: model_pb2.ModelInfo) -> Model:
    """A model from the wire."""
    return Model(message.name, message.version, message.sha256, message.runtime, message.device, message.compute_type)


def progress_message(progress: Progress) -> model_pb2.Progress:
    """How far a call has come; `fraction` is brought into 0 to 1."""
    return model_pb2.Progress(fraction=min(max(progress.fraction, 0.0), 1.0), position=duration(progress.position_s))


def usage_message(wall_time_s: float, media_duration_s: float) -> model_pb2.Usage:
    """What a call cost, both in seconds."""
    return model_pb2.Usage(wall_time=duration(wall_time_s), media_duration=duration(media_duration_s))


def track_message(track: Track | None) -> media_pb2.TrackChoice | None:
    """A track on the wire."""
    if track is None:
        return None
    reason = media_pb2.TrackReason.Value(f"TRACK_REASON_{track.why.upper()}")
    return media_pb2.TrackChoice(index=track.index, count=track.count, codec=track.codec, reason=reason)


def track_value(message: media_pb2.TrackChoice) -> Track:
    """A track from the wire; `why` is empty where it is not said."""
    name = media_pb2.TrackReason.Name(message.reason).removeprefix("TRACK_REASON_").lower()
    return Track(message.index, message.count, message.codec, "" if name == "unspecified" else name)


def media_message(media: Media, key: DataKey | None = None) -> media_pb2.MediaRef:
    """A media reference on the wire, with the key to decrypt it."""
    return media_pb2.MediaRef(
        uri=media.uri, size_bytes=media.size_bytes, sha256=media.sha256, data_key=data_key_message(key)
    )


def media_value(message: media_pb2.MediaRef) -> Media:
    """A media reference from the wire, without its key. Raises FIELD_INVALID without a URI."""
    if not message.uri:
        raise field_invalid("media.uri", "is required")
    return Media(message.uri, message.size_bytes, message.sha256)


def data_key_message(key: DataKey | None) -> media_pb2.DataKey | None:
    """A data key on the wire."""
    return None if key is None else media_pb2.DataKey(key_id=key.id, secret=key.secret)


def data_key_of(message: DataKeyHolder) -> DataKey | None:
    """The data key of a message that may have one. Raises FIELD_INVALID for what is none."""
    if not message.HasField("data_key"):
        return None
    try:
        return DataKey(message.data_key.key_id, message.data_key.secret)
    except ValueError as error:
        raise field_invalid("data_key", str(error)) from None


def timestamp(moment: datetime | None) -> Timestamp | None:
    """A moment on the wire; None stays None."""
    if moment is None:
        return None
    message = Timestamp()
    message.FromDatetime(moment)
    return message
