"""Processor time beside the bare landmarker, and memory over a long recording."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median

import av
import cv2
import numpy as np
import psutil

from bench import seconds
from bench.vision.acts import PAUSES_S, SHORT_PAUSES_S, Act, random_blinks
from bench.vision.clips import noisy, steady
from bench.vision.material import Material
from bench.vision.row import Row
from bench.vision.scores import score
from bench.vision.watching import Watched, landmarked, watched
from orchestrator import evidence
from orchestrator.evidence import wire
from servicekit.wire import Progress, Span
from services.vision import wire as vision_wire
from services.vision.analyzer import PictureAnalyzer
from services.vision.model import EventKind, VisionAnalyzer
from services.vision.settings import Settings

CLIP_S, CLIP_RATE_HZ, MOST_SHARE, ROUNDS = 45.0, 25.0, 0.40, 2
CALM = "22 blinks a minute"
PACES = {CALM: PAUSES_S, "50 blinks a minute": SHORT_PAUSES_S}
LONG_PIECE_S, LONG_RATE_HZ, LONG_SIZE_PX = 12.0, 25.0, (1280, 720)
MOST_MEMORY_MB, MOST_GROWTH_MB = 700.0, 60.0
SERIES_S, MOST_SERIES_KB = 300.0, 300.0
VIDEOS = 50
LONG_LIMIT_MIN = 600.0
"""A time after every video's end."""


def time_rows(material: Material, model: VisionAnalyzer, landmarker: Path) -> Iterator[Row]:
    """Processor seconds for clips of 45 s at 640x480, beside the bare landmarker on every frame of them."""
    watched(model, material.performed("warm", "sample", Act(2.0)))
    for name, pauses_s in PACES.items():
        truth = random_blinks(CLIP_S, 31, pauses_s)
        act, times_s = Act(CLIP_S, truth), steady(CLIP_S, CLIP_RATE_HZ)
        path = material.performed(f"time-{name.split()[0]}", "sample", act, times_s)
        ours, bare = _interleaved(model, path, landmarker)
        if name == CALM:
            yield _series_row(ours[0])
            seconds.record("vision", media_minute_s=60 * min(seen.cpu_s for seen in ours) / CLIP_S)
        yield _time_row(name, truth, ours, bare)


def _interleaved(model: VisionAnalyzer, path: Path, landmarker: Path) -> tuple[list[Watched], list[float]]:
    """Ours and the bare landmarker in turns, since a busy machine is not equally fast all the time."""
    both = [(watched(model, path), _bare_s(path, landmarker)) for _ in range(ROUNDS)]
    return [ours for ours, _ in both], [bare for _, bare in both]


def _time_row(name: str, truth: tuple[Span, ...], ours: list[Watched], bare: list[float]) -> Row:
    found = score(truth, ours[0].spans(EventKind.BLINK))
    share = median(seen.cpu_s / alone for seen, alone in zip(ours, bare, strict=True))
    times = ", ".join(f"{seen.cpu_s:.1f}" for seen in ours)
    return Row(
        f"processor time, {name}, {CLIP_S:.0f} s at 640x480, {CLIP_RATE_HZ:.0f} fps",
        f"{share:.2f} of the bare landmarker ({times} s); blinks: {found.hits} of {len(truth)}, {found.invented} false",
        f"{MOST_SHARE:.2f}",
        f"bare landmarker on every frame {', '.join(f'{alone:.1f}' for alone in bare)} s",
        share <= MOST_SHARE,
    )


def _series_row(seen: Watched) -> Row:
    """Size of the time series as it is kept, for a video of 5 minutes."""
    series = evidence.Timeline()
    for part in seen.parts:
        wire.append_timeline(series, vision_wire.timeline(part).timeline)
    size_kb = len(json.dumps(asdict(series))) / 1000 * SERIES_S / seen.summary.duration_s
    rate_hz = len(series.offset_s) / seen.summary.duration_s
    text = f"{size_kb:.0f} KB, {rate_hz:.0f} rows a second"
    return Row("time series of 5 minutes", text, f"under {MOST_SERIES_KB:.0f} KB", "", size_kb < MOST_SERIES_KB)


def memory_rows(material: Material, minutes: float) -> Iterator[Row]:
    """Largest memory of a process of its own over a long recording, and the growth after its first fifth."""
    samples = _sampled(_long(material, minutes), 1)
    early = max(memory for at_s, memory in samples if at_s <= 12 * minutes)
    peak = max(memory for _, memory in samples)
    yield Row(
        f"memory over {minutes:.0f} min of 720p",
        f"{peak:.0f} MB, {peak - early:+.0f} MB after the first fifth",
        f"under {MOST_MEMORY_MB:.0f} MB, flat",
        "",
        peak < MOST_MEMORY_MB and peak - early < MOST_GROWTH_MB,
    )
    after = [memory for _, memory in _sampled(material.performed("warm", "sample", Act(2.0)), VIDEOS)]
    grown = after[-1] - after[VIDEOS // 5]
    yield Row(
        f"memory after {VIDEOS} videos",
        f"{after[-1]:.0f} MB, {grown:+.0f} MB since the {VIDEOS // 5}th",
        "flat",
        "about 3 MB a video when the models are opened anew",
        grown < MOST_GROWTH_MB / 4,
    )


def _sampled(path: Path, videos: int) -> list[tuple[float, float]]:
    command = [sys.executable, "-m", "bench.vision.cost", str(path), str(videos)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    samples: list[tuple[float, float]] = json.loads(output.splitlines()[-1])
    return samples


def _bare_s(path: Path, landmarker: Path) -> float:
    started = time.process_time()
    for _ in landmarked(path, landmarker):
        continue
    return time.process_time() - started


def _long(material: Material, minutes: float) -> Path:
    """A piece of 12 s repeated without encoding it again."""
    act, times_s = Act(LONG_PIECE_S, random_blinks(LONG_PIECE_S, 8)), steady(LONG_PIECE_S, LONG_RATE_HZ)
    large = (
        noisy(np.asarray(cv2.resize(material.puppets["sample"].posed(*act.pose(at)), LONG_SIZE_PX), np.uint8), int(at))
        for at in times_s
    )
    piece = material.made("long-piece", times_s, lambda: large)
    path = material.folder / f"long-{minutes:.0f}.mp4"
    if not path.exists():
        _repeat(piece, path, round(60 * minutes / LONG_PIECE_S))
    return path


def _repeat(piece: Path, path: Path, times: int) -> None:
    with av.open(str(piece)) as source, av.open(str(path), "w") as target:
        track = source.streams.video[0]
        copy = target.add_stream_from_template(track)
        packets = [(packet.pts, packet.dts, packet) for packet in source.demux(track) if packet.pts is not None]
        assert track.time_base is not None
        ticks = round(LONG_PIECE_S / track.time_base)
        for number in range(times):
            for pts, dts, packet in packets:
                packet.pts, packet.dts, packet.stream = pts + number * ticks, (dts or 0) + number * ticks, copy
                target.mux(packet)


def _watch_memory(path: Path, videos: int) -> list[tuple[float, float]]:
    """Media time and the process's own memory in MB: during one video, or after each of several."""
    process, samples, model = psutil.Process(), [], PictureAnalyzer(Settings())
    model.load()
    for _ in range(videos):
        for output in model.analyze(path):
            if videos == 1 and isinstance(output, Progress):
                samples.append((output.position_s, process.memory_info().rss / 1e6))
        samples.append((60 * LONG_LIMIT_MIN, process.memory_info().rss / 1e6))
    model.close()
    return samples


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_watch_memory(Path(sys.argv[1]), int(sys.argv[2]))) + "\n")
