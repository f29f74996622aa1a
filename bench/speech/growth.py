"""Memory over a long recording: each service's work in a process of its own, sampled and drawn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
import psutil
import soundfile
from matplotlib import pyplot as plt

from bench.speech.conditions import Sound
from servicekit.decoding import SAMPLE_RATE_HZ
from services.audio.analyzer import SoundAnalyzer
from services.audio.settings import Settings as AudioSettings
from services.transcriber.model import TranscriptionInput
from services.transcriber.settings import Settings as TranscriberSettings
from services.transcriber.whisper import Whisper

SERVICES = ("transcriber", "audio")
EVERY_S = 0.5
PAUSE_S = 1.0
# Reading, decoding and voice activity detection take this share of the work; after it nothing may grow.
SETTLED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident memory of one service over one file: (seconds since the start, bytes)."""

    service: str
    minutes: float
    samples: tuple[tuple[float, int], ...]
    cpu_s: float

    @property
    def peak_bytes(self) -> int:
        """The most."""
        return max(size for _, size in self.samples)

    @property
    def growth_bytes(self) -> int:
        """The median of the last tenth less the median once the file is read."""
        sizes = [size for _, size in self.samples]
        settled = int(SETTLED_SHARE * len(sizes))
        tenth = max(1, len(sizes) // 10)
        return int(np.median(sizes[-tenth:]) - np.median(sizes[settled : settled + tenth]))


def measured(sounds: list[Sound], minutes: float) -> Iterator[Growth]:
    """Both services over `sounds`, repeated with pauses until they last `minutes`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        soundfile.write(path, long_sound(sounds, minutes), SAMPLE_RATE_HZ)
        for service in SERVICES:
            yield _watched(service, path, minutes)


def long_sound(sounds: list[Sound], minutes: float) -> Sound:
    """The sounds over and over, a second apart."""
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE_HZ), np.float32)
    once = np.concatenate([part for sound in sounds for part in (sound, pause)])
    return np.resize(once, int(minutes * 60 * SAMPLE_RATE_HZ))


def _watched(service: str, path: Path, minutes: float) -> Growth:
    started, samples, cpu_s = time.monotonic(), [], 0.0
    with subprocess.Popen([sys.executable, "-m", "bench.speech.growth", service, str(path)], env=os.environ) as process:
        child = psutil.Process(process.pid)
        while process.poll() is None:
            with_cpu = child.cpu_times()
            cpu_s = with_cpu.user + with_cpu.system
            samples.append((time.monotonic() - started, child.memory_info().rss))
            time.sleep(EVERY_S)
    if process.returncode:
        raise SystemExit(f"{service} failed on {minutes:g} minutes of sound")
    return Growth(service, minutes, tuple(samples), cpu_s)


def drawn(growths: list[Growth], path: Path) -> None:
    """Resident memory over time."""
    figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
    for growth in growths:
        seconds, sizes = zip(*growth.samples, strict=True)
        axes.plot(seconds, np.array(sizes) / 1e6, label=f"{growth.service}, {growth.minutes:g} min of sound")
    axes.set(xlabel="seconds", ylabel="resident memory, MB", ylim=(0, 1500))
    axes.legend()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _run(service: str, path: Path) -> None:
    if service == "transcriber":
        whisper = Whisper(TranscriberSettings())
        whisper.load()
        events: Iterator[object] = whisper.transcribe(TranscriptionInput(path, "en"))
    else:
        analyzer = SoundAnalyzer(AudioSettings())
        analyzer.load()
        events = analyzer.analyze(path)
    for _ in events:
        continue


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
