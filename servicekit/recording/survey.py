"""A first pass over a recording: its tracks, which of them can be decoded, the clock, and what is missing."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np

from servicekit.recording.clock import Floats, Packets, shifts
from servicekit.recording.container import opened, ready, tracks
from servicekit.recording.limits import Limits, Refused
from servicekit.recording.spans import Spans, holes, merged, within

SOUND_HOLE_S = 1.0
"""Shorter pauses between packets of sound are no loss: in silence some browsers send one each 0.4 s."""
START_S = 0.5
"""The first packets may be so much before the start that the header names."""
LONGEST_PACKET_S = 60.0
"""What a packet says beyond that of its own length is not counted before all stamps are known."""
STEPS = (0.5, 1.5)
"""Packets that follow each other after so many of their own lengths follow each other without a loss."""
STEADY_PACKETS, LEAST_DRIFT, MOST_DRIFT = 50, 0.005, 0.25
"""Stamps run fast or slow where this holds for so many packets; further off the lengths are wrong, not the stamps."""


@dataclass(slots=True)
class Track:
    """One track on the recording's clock. `kind` is `audio` or `video`."""

    index: int
    kind: str
    codec: str
    start_s: float = 0.0
    end_s: float = 0.0
    covered: Spans = field(default_factory=list)
    drift: float = 1.0
    """Seconds of stamps that a second of its packets takes; 1 where both agree."""


@dataclass(slots=True)
class Survey:
    """What the pass found. `sound` and `picture` hold what can be decoded, in the file's order."""

    format: str
    sound: list[Track]
    picture: list[Track]
    duration_s: float
    counts: dict[str, int]
    """Tracks of each kind, those that cannot be decoded among them."""
    shift_s: Floats
    """What each packet's stamps need to be on the clock, shape (packets,), in the order of the file."""

    def sound_holes(self, track: Track) -> Spans:
        """Where a sound track has nothing."""
        return holes(track.covered, self.duration_s, SOUND_HOLE_S)


def survey(file: int, limits: Limits) -> Survey:
    """Read all packets behind the descriptor `file` once. Raises `Refused`."""
    with opened(file, limits) as container:
        streams = tracks(container)
        if not streams:
            raise Refused("it holds neither picture nor sound")
        packets, decodable = _read(container, streams, limits)
        if not decodable:
            raise Refused("no picture or sound in it can be decoded")
        shift_s = shifts(packets, _zero_s(container, packets))
        found = [_track(s, packets, shift_s) for s in streams if s.index in decodable]
        duration_s = max(track.end_s for track in found)
        if duration_s > limits.max_hours * 3600:
            raise Refused(f"it is {duration_s / 3600:.0f} hours long; cut it")
        return Survey(
            container.format.name,
            [track for track in found if track.kind == "audio"],
            [track for track in found if track.kind == "video"],
            duration_s,
            {kind: sum(s.type == kind for s in streams) for kind in ("audio", "video")},
            shift_s,
        )


def _read(
    container: av.container.InputContainer, streams: list[av.AudioStream | av.VideoStream], limits: Limits
) -> tuple[Packets, set[int]]:
    """The stamps of all packets, and which tracks give a frame."""
    trying = {s.index for s in streams if ready(s, limits)}
    decodable: set[int] = set()
    numbers, stamps, length_s = array("i"), array("d"), defaultdict[int, float](float)
    for packet in demuxed(container, streams):
        numbers.append(packet.stream_index)
        stamps.extend(_stamps(packet))
        length_s[packet.stream_index] += min(stamps[-1], LONGEST_PACKET_S)
        if len(numbers) > limits.max_packets:
            raise Refused("it is cut into too many packets; export it again")
        if length_s[packet.stream_index] > limits.max_hours * 3600:  # at one sample a second a megabyte lasts for days
            raise Refused(f"it is longer than {limits.max_hours:.0f} hours; cut it")
        if packet.stream_index in trying and decoded(packet):
            trying.remove(packet.stream_index)
            decodable.add(packet.stream_index)
    for stream in streams:  # decoders hand out the frames of a short track only when it ends
        if stream.index in trying and decoded(None, stream):
            decodable.add(stream.index)
    decoded_s, shown_s, duration_s = np.array(stamps, np.float64).reshape(-1, 3).T
    return Packets(np.array(numbers, np.int32), decoded_s, shown_s, duration_s), decodable


def demuxed(
    container: av.container.InputContainer, streams: list[av.AudioStream | av.VideoStream]
) -> Iterator[av.Packet[Any]]:
    """The packets with content in the file's order; a file that breaks off ends."""
    packets = container.demux(streams)
    while True:
        try:
            packet = next(packets, None)
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            return
        if packet is None:
            return
        if packet.size:
            yield packet


def decoded(packet: av.Packet[Any] | None, stream: av.AudioStream | av.VideoStream | None = None) -> list[Any] | None:
    """The frames that a packet gives, or those left in the decoder of `stream`; None where it is damaged."""
    try:
        if packet is not None:
            return packet.decode()
        assert stream is not None
        return stream.decode(None)
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError):
        return None


def time_s(frame: av.AudioFrame | av.VideoFrame, stream: av.AudioStream | av.VideoStream) -> float | None:
    """When a frame is to be shown; frames left in a decoder come without a time base of their own."""
    base = frame.time_base or stream.time_base
    return None if frame.pts is None or not base else float(frame.pts * base)


def _stamps(packet: av.Packet[Any]) -> tuple[float, float, float]:
    """When a packet is to be decoded and shown, and how long it lasts, in seconds by its own stamps."""
    base = packet.time_base
    if base is None:
        return np.nan, np.nan, 0.0
    shown_s = np.nan if packet.pts is None else float(packet.pts * base)
    decoded_s = shown_s if packet.dts is None else float(packet.dts * base)
    return decoded_s, decoded_s if packet.pts is None else shown_s, float((packet.duration or 0) * base)


def _zero_s(container: av.container.InputContainer, packets: Packets) -> float:
    """Broadcasts and cut recordings start at any time, sometimes hours in; others below zero.

    The header knows how much of the first packet is only there to start the decoder; what it says else is not believed.
    """
    firsts: dict[int, float] = {}
    for track, shown_s in zip(packets.track.tolist(), packets.shown_s.tolist(), strict=True):
        if shown_s == shown_s:  # not NaN
            firsts.setdefault(track, shown_s)
    first_s = min(firsts.values(), default=0.0)
    said_s = first_s if container.start_time is None else container.start_time / av.time_base
    return float(said_s if abs(said_s - first_s) < START_S else first_s)


def _track(stream: av.AudioStream | av.VideoStream, packets: Packets, shift_s: Floats) -> Track:
    rows = (packets.track == stream.index) & ~np.isnan(shift_s)
    start_s, duration_s = (packets.shown_s + shift_s)[rows], packets.duration_s[rows]
    context = stream.codec_context
    track = Track(stream.index, stream.type, context.name if context is not None else "")
    if not len(start_s):
        return track
    order = np.argsort(start_s, kind="stable")
    start_s, duration_s = start_s[order], duration_s[order]
    steps = np.diff(start_s)
    usual_s = float(np.median(steps)) if len(steps) else 0.0
    ends = start_s + np.where(duration_s > 0, duration_s, usual_s)
    covered = within(zip(start_s.tolist(), ends.tolist(), strict=True), float(ends.max()))
    track.covered = merged(covered, SOUND_HOLE_S / 2)
    track.start_s, track.end_s = max(0.0, float(start_s[0])), max(0.0, float(ends.max()))
    if isinstance(stream, av.AudioStream):
        track.drift = drift(steps, *_lengths(stream, duration_s[:-1]))
    return track


def _lengths(stream: av.AudioStream, duration_s: Floats) -> tuple[Floats, float]:
    """Packets' lengths and what they are rounded to: the codec knows exactly what the container may round."""
    context, tick_s = stream.codec_context, float(stream.time_base or 0)
    if context.frame_size and context.sample_rate:
        exact_s = context.frame_size / context.sample_rate
        if np.abs(duration_s - exact_s).max(initial=0.0) <= tick_s:
            return np.full_like(duration_s, exact_s), 0.0
    return duration_s, tick_s


def drift(step_s: Floats, duration_s: Floats, tick_s: float) -> float:
    """How many seconds of stamps a second of sound takes, from each packet's step to the next and its own length.

    Lost packets are left out, or their gaps would count as slowness. 1 where both agree within half a hundredth and
    what rounding lengths to `tick_s` does.
    """
    known = duration_s > 0
    step_s, duration_s = step_s[known], duration_s[known]
    kept = (step_s > STEPS[0] * duration_s) & (step_s < STEPS[1] * duration_s)
    if kept.sum() < max(STEADY_PACKETS, 0.5 * len(kept)):
        return 1.0
    found = float(step_s[kept].sum() / duration_s[kept].sum())
    rounding = 0.5 * tick_s / float(duration_s[kept].mean())
    return found if LEAST_DRIFT + rounding < abs(found - 1.0) < MOST_DRIFT else 1.0
