"""A browser whose camera and microphone play the sample answer."""

from __future__ import annotations

import os
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path

import av
from playwright.async_api import Browser, async_playwright

from local.system import ROOT
from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound

SAMPLE = ROOT / "sample" / "answer_en.mp4"
WIDTH, HEIGHT, RATE_HZ = 640, 360, 20


def fed(folder: Path) -> list[str]:
    """Chromium's words for a camera and a microphone that play the sample over and over."""
    picture, sound = folder / "camera.mjpeg", folder / "microphone.wav"
    with av.open(str(SAMPLE)) as source, av.open(str(picture), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=Fraction(RATE_HZ))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        due_s = 0.0
        for frame in source.decode(video=0):
            if frame.time is None or frame.time < due_s:
                continue
            due_s += 1 / RATE_HZ
            pixels = frame.to_ndarray(width=WIDTH, height=HEIGHT, format="rgb24")
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        output.mux(stream.encode(None))
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((decode_sound(SAMPLE) * 32_767).astype("<i2").tobytes())
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={picture}",
        f"--use-file-for-fake-audio-capture={sound}",
    ]


@asynccontextmanager
async def recording_chromium(folder: Path) -> AsyncIterator[Browser]:
    """The machine's browser, or Playwright's own, with that camera and microphone."""
    async with async_playwright() as playwright:
        program = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
        arguments = fed(folder) + (["--no-sandbox"] if os.geteuid() == 0 else [])
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        await browser.close()
