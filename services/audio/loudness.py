"""Programme loudness by EBU R 128 (ITU-R BS.1770), measured by FFmpeg's own filter."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ

# What the standard's absolute gate lets through; the filter says this when nothing is louder.
GATE_LUFS = -70.0
BLOCK = 60 * SAMPLE_RATE_HZ


def integrated_lufs(sound: NDArray[np.float32]) -> float | None:
    """Integrated loudness of mono samples at 16 kHz in LUFS; None for under 0.4 s and for silence."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE_HZ, format="flt", layout="mono", time_base=Fraction(1, SAMPLE_RATE_HZ)
    )
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    lufs = GATE_LUFS
    for start in range(0, sound.size, BLOCK):
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis, start : start + BLOCK], format="flt", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, start
        source.push(frame)
        lufs = _read(sink, lufs)
    return lufs if lufs > GATE_LUFS else None


def _read(sink: av.filter.context.FilterContext, lufs: float) -> float:
    """The last value that the meter has written so far."""
    while True:
        try:
            lufs = float(sink.pull().metadata.get("lavfi.r128.I", lufs))
        except (av.error.BlockingIOError, av.error.EOFError):
            return lufs
