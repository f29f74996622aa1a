"""The sound of one track on the recording's clock: mono, one rate, silence where nothing was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from servicekit.recording.container import opened, ready, tracks
from servicekit.recording.limits import Limits, Refused
from servicekit.recording.spans import Spans
from servicekit.recording.survey import Survey, Track, decoded, demuxed, time_s

CANCELLED = 0.05
"""Two channels are in opposite phase when their mean has less than this share of their power; two that have nothing in
common have half."""
JITTER_S = 0.1
"""Stamps that are less off than this do so by themselves; nothing is filled in or left out."""

Block = NDArray[np.int16]


class Sound:
    """Decodes one track. `lost` grows with the packets that could not be decoded."""

    def __init__(self, file: int, found: Survey, track: Track, rate_hz: int, limits: Limits) -> None:
        """Read `track` of the file behind the descriptor at `rate_hz`."""
        self._file, self._found, self.track = file, found, track
        self._rate_hz, self._limits = rate_hz, limits
        self._position = 0  # samples given so far
        self._resampler: av.AudioResampler | None = None
        self._setup: tuple[object, ...] = ()
        self.lost: Spans = []

    def blocks(self) -> Iterator[Block]:
        """Mono blocks of int16 samples from the clock's zero to the end of the track."""
        with opened(self._file, self._limits) as container:
            streams = tracks(container)
            stream = next(s for s in streams if s.index == self.track.index)
            assert isinstance(stream, av.AudioStream)
            if not ready(stream, self._limits):
                raise Refused("its sound cannot be decoded")
            for index, packet in enumerate(demuxed(container, streams)):
                if packet.stream_index == stream.index and index < len(self._found.shift_s):
                    yield from self._packet(stream, packet, float(self._found.shift_s[index]))
            for frame in decoded(None, stream) or ():
                yield from self._frame(frame, time_s(frame, stream))
            yield from self._flushed()

    def _packet(self, stream: av.AudioStream, packet: av.Packet[Any], shift_s: float) -> Iterator[Block]:
        start_s = shifted(packet, shift_s)
        frames = decoded(packet)
        if frames is None:
            if start_s is not None:
                self.lost.append((start_s, start_s + float((packet.duration or 0) * packet.time_base)))
            return
        for frame in frames:
            yield from self._frame(frame, time_s(frame, stream))

    def _frame(self, frame: av.AudioFrame, at_s: float | None) -> Iterator[Block]:
        setup = frame.format.name, frame.layout.name, frame.sample_rate
        if setup != self._setup:
            yield from self._flushed()
            self._setup, self._resampler = setup, self._made(frame)
        ahead = 0
        if at_s is not None:
            off = round(at_s * self._rate_hz) - self._position
            if off > JITTER_S * self._rate_hz:
                yield from self._flushed()
                self._resampler = self._made(frame)
                yield from self._silence(round(at_s * self._rate_hz) - self._position)
            elif off < -JITTER_S * self._rate_hz:
                ahead = -off
        assert self._resampler is not None
        frame.sample_rate = self._rate(frame)
        frame.pts = None  # the resampler would otherwise warp time itself
        for block in self._resampler.resample(frame):
            yield from self._given(_mono(block), ahead)
            ahead = max(0, ahead - block.samples)

    def _made(self, frame: av.AudioFrame) -> av.AudioResampler:
        layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
        return av.AudioResampler(format="s16", layout=layout, rate=self._rate_hz)

    def _rate(self, frame: av.AudioFrame) -> int:
        """Where stamps run fast, the sound was recorded at another rate than the file says."""
        return round(frame.sample_rate / self.track.drift)

    def _flushed(self) -> Iterator[Block]:
        if self._resampler is not None and self._setup:
            for block in self._resampler.resample(None):
                yield from self._given(_mono(block), 0)
        self._resampler = None

    def _given(self, samples: Block, leave_out: int) -> Iterator[Block]:
        kept = samples[leave_out:]
        if kept.size:
            self._position += kept.size
            yield kept

    def _silence(self, samples: int) -> Iterator[Block]:
        """In blocks of a minute: a jump in time may be hours long."""
        minute = np.zeros(60 * self._rate_hz, np.int16)
        for start in range(0, samples, minute.size):
            yield from self._given(minute[: min(minute.size, samples - start)], 0)


def shifted(packet: av.Packet[Any], shift_s: float) -> float | None:
    """Put a packet's stamps onto the clock and return its start; None where it has no stamp that can be used."""
    if shift_s != shift_s or packet.time_base is None:  # NaN
        packet.pts = packet.dts = None
        return None
    steps = round(shift_s / packet.time_base)
    packet.pts = packet.pts if packet.pts is None else packet.pts + steps
    packet.dts = packet.dts if packet.dts is None else packet.dts + steps
    stamp = packet.dts if packet.pts is None else packet.pts
    return None if stamp is None else float(stamp * packet.time_base)


def _mono(block: av.AudioFrame) -> Block:
    """One channel: the mean of two, or the louder one where the mean cancels out."""
    samples: Block = block.to_ndarray().reshape(-1, block.layout.nb_channels).astype(np.int16, copy=False)
    if samples.shape[1] == 1:
        return samples[:, 0]
    wide = samples.astype(np.float32)
    mean, powers = wide.mean(axis=1), (wide**2).mean(axis=0)
    if (mean**2).mean() < CANCELLED * powers.mean():
        return samples[:, int(powers.argmax())]
    mixed: Block = mean.astype(np.int16)
    return mixed
