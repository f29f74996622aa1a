"""From the view of a report to a PDF."""

from __future__ import annotations

import atexit
import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

FOLDER = Path(__file__).parent
FONTS = {400: "inter-5.3.0-latin-400.woff2", 600: "inter-5.3.0-latin-600.woff2"}


def html(view: dict[str, Any]) -> str:
    """The report as a page; every value is escaped."""
    return _templates().get_template("report.html.j2").render(view)


def pdf(view: dict[str, Any]) -> bytes:
    """The report as a tagged PDF with bookmarks. Takes a while: not for the event loop."""
    return printed(html(view), f"{view['t']('footer')}  ·  {view['session'].session_id}")


def printed(content: str, footer: str = "") -> bytes:
    """A page as a tagged PDF in the reports' style; `footer` stands under each sheet. Takes a while: not for the event
    loop."""
    fonts, style = _style()
    page = CSS(string='html {{ string-set: footer "{}" }}'.format(footer.replace('"', "").replace("\\", "")))
    document = HTML(string=content, url_fetcher=_sealed())
    made: bytes = document.write_pdf(stylesheets=[style, page], font_config=fonts, pdf_tags=True)
    return made


def _sealed() -> URLFetcher:
    """Nothing is fetched from files or the network, whatever a text says: pictures and fonts come with the page."""
    return URLFetcher(allowed_protocols=("data",))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(FOLDER)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@lru_cache(maxsize=1)
def _style() -> tuple[FontConfiguration, CSS]:
    """Font and style, read once."""
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url({data_uri('font/woff2', _read(name))}) }}\n"
        for weight, name in FONTS.items()
    )
    fonts = FontConfiguration()
    text = faces + (FOLDER / "report.css").read_text()
    return fonts, CSS(string=text, font_config=fonts, url_fetcher=_sealed())


# Fonts that outlive the interpreter's own clean-up end the process with a fault.
atexit.register(_style.cache_clear)


def data_uri(media_type: str, content: bytes) -> str:
    """Content as an address of its own."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _read(name: str) -> bytes:
    return (FOLDER / "fonts" / name).read_bytes()
