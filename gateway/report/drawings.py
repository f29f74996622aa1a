"""An answer in time, as an SVG drawing for print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from gateway.published import Evidence, Span
from gateway.report.texts import Texts

WIDTH, LANE, GAP, NAMES, MARGIN = 640.0, 14.0, 5.0, 84.0, 12.0
FONT = 'font-family="Inter" font-size="8.5" fill="#3c4656"'
"""As attributes: the page's style does not reach into a drawing."""

HEAD_DEG = 45.0
"""A head turned so far touches the edge of its lane."""
COLOURS = {"info": "#8a93a3", "review": "#9a6200", "serious": "#b3261e"}
VOICES = ("#2457c5", "#9a6200", "#b3261e")
WHISKER = (("#ffffff", 4), ("#1c2330", 1.5))
"""Colours and widths of an interval's lines: the first keeps the second apart from the bar."""
STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 1200)


@dataclass(frozen=True, slots=True)
class Strip:
    """Evidence and timeline of an answer of `length_s` seconds."""

    evidence: Evidence
    series: dict[str, Any] | None
    length_s: float
    text: Texts

    def svg(self) -> str:
        """The drawing; findings carry the numbers that the list beside it has."""
        lanes = list(self._lanes())
        height = len(lanes) * (LANE + GAP) + 14
        rows = "".join(self._row(index, name, drawn) for index, (name, drawn) in enumerate(lanes))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" class="strip" role="img">'
            f"<title>{escape(self.text('timeline'))}</title>{rows}{self._times(height)}</svg>"
        )

    def _row(self, index: int, name: str, drawn: str) -> str:
        top = index * (LANE + GAP)
        label = f'<text x="0" y="{LANE - 4}" {FONT}>{escape(name)}</text>'
        ground = f'<rect x="{NAMES}" width="{WIDTH - NAMES - MARGIN}" height="{LANE}" fill="#f1f3f6"/>'
        return f'<g transform="translate(0 {top})">{label}{ground}{drawn}</g>'

    def _lanes(self) -> Iterator[tuple[str, str]]:
        yield self.text("findings"), "".join(self._findings())
        speakers = [s.speaker for s in self.evidence.speakers]
        for speaker in speakers:
            turns = [t for t in self.evidence.turns if t.speaker == speaker]
            colour = VOICES[min(speaker, len(VOICES) - 1)]
            name = self.text("voice", n=speaker + 1) if len(speakers) > 1 else self.text("speech")
            yield name, "".join(self._span(t, colour, 3, LANE - 6) for t in turns)
        if self.series:
            yield self.text("head"), "".join(self._head())
            yield self.text("faces"), "".join(self._faces())
        if blinks := self.evidence.blinks:
            yield self.text("blinks"), "".join(self._span(b, "#5b6575", 3, LANE - 6) for b in blinks)

    def _findings(self) -> Iterator[str]:
        for number, finding in enumerate(self.evidence.findings, start=1):
            colour = COLOURS[finding.severity]
            middle = self._x((finding.start_s + finding.end_s) / 2)
            yield self._span(finding, colour, 0, LANE, 0.35)
            yield f'<circle cx="{middle:.1f}" cy="{LANE / 2}" r="6" fill="#fff" stroke="{colour}" stroke-width="1.5"/>'
            yield f'<text x="{middle:.1f}" y="{LANE / 2 + 3}" text-anchor="middle" {FONT}>{number}</text>'

    def _head(self) -> Iterator[str]:
        for span in self.evidence.looking_away:
            yield self._span(span, "#9a6200", 0, LANE, 0.35)
        for run in _runs(self.series or {}, "yaw_deg"):
            points = " ".join(f"{self._x(at):.1f},{self._y(yaw):.1f}" for at, yaw in run)
            yield f'<polyline points="{points}" fill="none" stroke="#1c2330" stroke-width="0.8"/>'

    def _faces(self) -> Iterator[str]:
        series = self.series or {}
        times, counts = series["offset_s"], series["face_count"]
        start = 0
        for index in range(1, len(times) + 1):
            if index == len(times) or counts[index] != counts[start]:
                end_s = times[index] if index < len(times) else self.length_s
                span = Span(start_s=times[start], end_s=end_s)
                if counts[start]:
                    many = counts[start] > 1
                    yield self._span(span, "#b3261e" if many else "#1a7f4b", 0 if many else LANE / 2, LANE, 0.6)
                start = index

    def _times(self, height: float) -> str:
        step = next((s for s in STEPS_S if self.length_s / s <= 8), STEPS_S[-1])
        marks = []
        for at in range(0, int(self.length_s) + 1, step):
            marks.append(f'<text x="{self._x(at):.1f}" y="{height - 2}" text-anchor="middle" {FONT}>{clock(at)}</text>')
        return "".join(marks)

    def _span(self, span: Span, colour: str, top: float, height: float, opacity: float = 1.0) -> str:
        left, right = self._x(span.start_s), self._x(span.end_s)
        tall = min(height, LANE - top)
        return (
            f'<rect x="{left:.1f}" y="{top}" width="{max(right - left, 1):.1f}" height="{tall}" '
            f'fill="{colour}" fill-opacity="{opacity}"/>'
        )

    def _x(self, time_s: float) -> float:
        share = min(max(time_s / self.length_s, 0.0), 1.0)
        return NAMES + share * (WIDTH - NAMES - MARGIN)

    @staticmethod
    def _y(yaw_deg: float) -> float:
        return LANE / 2 * (1 - min(max(yaw_deg / HEAD_DEG, -1.0), 1.0))


def bar(value: float, low: object, high: object) -> str:
    """A score of 100 as a bar, with a whisker over its interval where that is known."""
    ground = '<rect y="2" width="200" height="8" rx="4" fill="#e4e8ee"/>'
    filled = f'<rect y="2" width="{2 * value:.1f}" height="8" rx="4" fill="#2457c5"/>'
    whisker = ""
    if isinstance(low, int | float) and isinstance(high, int | float):
        path = f"M{2 * low:.1f} 6H{2 * high:.1f}M{2 * low:.1f} 2V10M{2 * high:.1f} 2V10"
        whisker = "".join(f'<path d="{path}" fill="none" stroke="{c}" stroke-width="{w}"/>' for c, w in WHISKER)
    size = 'viewBox="0 0 200 12" width="200" height="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{filled}{whisker}</svg>'


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _runs(series: dict[str, Any], column: str) -> Iterator[list[tuple[float, float]]]:
    """Stretches of a column without a gap."""
    run: list[tuple[float, float]] = []
    for at, value in zip(series.get("offset_s", []), series.get(column, []), strict=False):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
