"""Findings that rest on what a candidate's page noted, as they are published."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from orchestrator.evidence import PageMark, PageNotes
from orchestrator.fusion.findings.page import page_marks
from tests.support import evidence as made

MARKS = (PageMark("page_left", 2.0, 6.5, 4.5), PageMark("pause", 12.0, 12.0, 14.2))
FINDINGS: list[dict[str, Any]] = [asdict(found) for found in page_marks(made.answer(page=PageNotes(MARKS)))]
