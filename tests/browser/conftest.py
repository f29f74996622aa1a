"""A real browser on the real pages, over a scripted orchestrator and a recorded result."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from servicekit.wire import media_message
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import ID, RECORDED, RESULT, recorded_session

# Nothing but the suite's own limit, which is shorter: what a browser takes says something about the machine.
expect.set_options(timeout=3_600_000)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: BROWSER_SCREENSHOTS, or a temporary folder."""
    folder = Path(os.environ.get("BROWSER_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class Site:
    """The pages, a way to open them, and what the browser complained of."""

    gateway: RunningGateway
    browser: Browser
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway.port}"

    async def page(self, path: str, *, locale: str = "en-GB", width: int = 1200, **options: Any) -> Page:
        """A page in a browser of its own, loaded and quiet."""
        context = await self.browser.new_context(locale=locale, viewport={"width": width, "height": 900}, **options)
        self.contexts.append(context)
        context.set_default_timeout(0)
        page = await context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self.url + path)
        await expect(page.locator("header.top .languages")).to_be_visible()
        return page

    async def scrolled(self, page: Page) -> None:
        """Bring every timeline into view until it is drawn: a page draws those that are seen."""
        await expect(page.locator("article h2").first).to_be_visible()
        for strip in await page.locator(".strip").all():
            await strip.scroll_into_view_if_needed()
            await expect(strip.locator("> .quiet")).to_have_count(0)
        await page.evaluate("scrollTo(0, 0)")

    def expected(self, part: str) -> None:
        """Forget complaints that say this: a test provoked them."""
        self.complaints = [c for c in self.complaints if part not in c]

    async def picture(self, page: Page, name: str, full: bool = True) -> None:
        await page.screenshot(path=self.pictures / f"{name}.png", full_page=full)

    async def publish(self, result: dict[str, Any] | None = None) -> pb.Session:
        """The recorded session with its result, stills and timelines."""
        session = recorded_session()
        for path in sorted(p for p in RECORDED.rglob("*") if p.parent != RECORDED and p.is_file()):
            await self.gateway.store.write(f"sessions/{ID}/{path.relative_to(RECORDED)}", path.read_bytes())
        content = json.dumps(result or RESULT).encode()
        session.result.CopyFrom(media_message(await self.gateway.store.write(f"results/{ID}.json", content)))
        self.gateway.orchestrator.put(session)
        return session


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next((found for name in names if (found := shutil.which(name))), None)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site(browser: Browser, tmp_path: Path, pictures: Path) -> AsyncIterator[Site]:
    async with running_gateway(tmp_path / "objects") as gateway:
        found = Site(gateway, browser, pictures)
        yield found
        for context in found.contexts:
            await context.close()
        assert found.complaints == []
