"""The API page: Swagger UI under the pages' content policy, with nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_an_operation_is_read_and_tried(site: Site) -> None:
    page = await site.page("/docs", color_scheme="dark")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    operation = page.locator(".opblock-get", has=page.locator("[data-path='/v1/sessions']"))
    await operation.locator(".opblock-summary-control").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table tr.response .response-col_status")).to_contain_text("200")
    await site.picture(page, "docs", full=False)
    outside = [url for url in asked if not url.startswith((site.url, "data:"))]
    assert (outside, f"{site.url}/openapi.json" in asked) == ([], True)
