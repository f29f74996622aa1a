"""A browser whose camera and microphone are fed from files that are made here, and a candidate in it."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, async_playwright

from servicekit.decoding import MediaProbe, decode_sound, probe
from tests.browser.conftest import Site
from tests.support.recordings import RATE_HZ, spoken
from tests.support.waiting import PAUSE_S


def fed(folder: Path, film: Path | None = None) -> list[str]:
    """Chromium's words for a camera that shows this film, or else a moving stripe, and a microphone that hears noise
    like speech.
    """
    picture, sound = folder / "camera.mjpeg", folder / "microphone.wav"
    with av.open(str(picture), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=Fraction(20))
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuvj420p"
        for shown in filmed(film) if film else striped():
            output.mux(stream.encode(shown))
        output.mux(stream.encode(None))
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(spoken(4.0).tobytes())
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={picture}",
        f"--use-file-for-fake-audio-capture={sound}",
    ]


def striped() -> Iterator[av.VideoFrame]:
    """Two seconds of a stripe that moves."""
    for number in range(40):
        shown = np.full((360, 640, 3), 140, np.uint8)
        shown[:, 15 * number : 15 * number + 60] = (230, 120, 60)
        yield av.VideoFrame.from_ndarray(shown, format="rgb24")


def filmed(film: Path) -> Iterator[av.VideoFrame]:
    """Two seconds of a film, its middle as wide as a camera's picture."""
    with av.open(str(film)) as container:
        for frame in itertools.islice(container.decode(video=0), 40):
            shown: NDArray[Any] = frame.reformat(640, 640 * frame.height // frame.width, "rgb24").to_ndarray()
            above = (len(shown) - 360) // 2
            yield av.VideoFrame.from_ndarray(np.ascontiguousarray(shown[above : above + 360]), format="rgb24")


@asynccontextmanager
async def recording_browser(folder: Path, film: Path | None = None) -> AsyncIterator[Browser]:
    """Chromium with that camera and microphone."""
    async with async_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next((found for name in names if (found := shutil.which(name))), None)
        arguments = fed(folder, film) + (["--no-sandbox"] if os.geteuid() == 0 else [])
        opened = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        await opened.close()


async def invited(site: Site, *, agreed: bool = True, **more: Any) -> str:
    """The address of a link, without the server; where the candidate has agreed, by REST."""
    link = {"candidate_name": "Siti Rahma", "language": "en", "questions": ["Why this role?"]} | more
    made = (await site.gateway.client.post("/v1/upload-links", json=link)).json()
    address = str(made["url"]).partition("/candidate.html")[2]
    if agreed:
        headers = {"Authorization": f"Bearer {address.lstrip('#')}"}
        seen = (await site.gateway.client.get("/v1/upload-link", headers=headers)).json()
        body = {"language": link["language"]} | {f"{n}_sha256": seen[n]["sha256"] for n in ("consent", "information")}
        done = await site.gateway.client.post("/v1/upload-link/consent", json=body, headers=headers)
        assert done.status_code == 201
    return f"/candidate.html{address}"


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def begun(page: Page) -> None:
    """From the overview into the recording of the first question."""
    await press(page, "Record my answers")
    await press(page, "Start with the questions")
    await press(page, "Start recording")


async def arrived(site: Site, size: int) -> None:
    """Until so many bytes of a recording are in the object store."""
    while sum(size_of(site, name) for name in site.gateway.files() if "/parts/" in name) < size:  # noqa: ASYNC110 - a store has no event
        await asyncio.sleep(PAUSE_S)


def size_of(site: Site, name: str) -> int:
    return (site.gateway.store_dir / name).stat().st_size


def recordings(site: Site) -> list[Path]:
    """Of the only session."""
    [created] = site.gateway.orchestrator.created
    return [site.gateway.store_dir / site.gateway.store.key(answer.media.uri) for answer in created.answers]


def handed_in(site: Site) -> list[MediaProbe]:
    """What the reader finds in them."""
    return [probe(path) for path in recordings(site)]


def heard(site: Site) -> list[NDArray[np.float32]]:
    """Their sound, 16 kHz."""
    return [decode_sound(path) for path in recordings(site)]
