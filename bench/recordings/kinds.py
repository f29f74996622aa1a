"""The kinds: how a recording of each is made of the sample answers, and what is right about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from bench.material import SAMPLE
from bench.recordings import claims as c
from bench.recordings import sounds
from bench.recordings.claims import Claim
from bench.recordings.remuxing import Taken, hurt, joined, mirrored, redrawn, remuxed
from bench.speech.compositions import Change
from bench.speech.conditions import echoing, muffled, telephone
from servicekit.wire import Span
from services.vision.model import Direction, EventKind

ENGLISH, INDONESIAN = SAMPLE / "answer_en.mp4", SAMPLE / "answer_id.webm"
TRUTH = json.loads((SAMPLE / "interview.json").read_text(encoding="utf-8"))["answers"][0]
LENGTH_S = float(TRUTH["duration_s"])
BLINKS = [(blink["start_s"] + blink["end_s"]) / 2 for blink in TRUTH["blinks"]]
AWAY = c.looks_away(TRUTH["look_away"][0]["start_s"], TRUTH["look_away"][0]["end_s"])
WHOLE_PICTURE = (c.face_in_view(1.0), AWAY, c.blinks(BLINKS), c.none_of(EventKind.SECOND_FACE))
FIRST, LAST = "last spring", "uses the same check elsewhere"
GAP_S, LATE_S, OFF_S, FAST = 1800.0, 6.0, 8.0, 0.9
STATIC = (EventKind.CAMERA_FROZEN, EventKind.CAMERA_BLACK, EventKind.CAMERA_LOOPED, EventKind.CAMERA_PHOTOGRAPH)


@dataclass(frozen=True, slots=True)
class Kind:
    """`make` writes it to a path without an ending and returns where; `short`: also read by `make test`."""

    name: str
    make: Callable[[Path], Path]
    claims: tuple[Claim, ...]
    language: str = "en"
    short: bool = False


def _damaged_sound(path: Path) -> Path:
    return hurt(ENGLISH, path.with_suffix(".mp4"), "audio", 6.6)


def _damaged_picture(path: Path) -> Path:
    return hurt(ENGLISH, path.with_suffix(".mp4"), "video", 6.6)


def _late_picture(path: Path) -> Path:
    late = Taken(ENGLISH, "video", lambda at_s: at_s + LATE_S if at_s + LATE_S < LENGTH_S else None)
    return remuxed(path.with_suffix(".mp4"), Taken(ENGLISH, "audio"), late)


def _camera_off(path: Path) -> Path:
    short = Taken(ENGLISH, "video", lambda at_s: at_s if at_s < OFF_S else None)
    return remuxed(path.with_suffix(".mp4"), short, Taken(ENGLISH, "audio"))


def _silent_desktop(path: Path) -> Path:
    silent = sounds.written(path.with_suffix(".flac"), np.zeros(round(16_000 * LENGTH_S), np.float32))
    return remuxed(path.with_suffix(".mkv"), Taken(ENGLISH, "video"), Taken(silent, "audio"), Taken(ENGLISH, "audio"))


def _shared_screen(path: Path) -> Path:
    def page(rgb: Any) -> Any:
        drawn = np.full_like(rgb, 245)
        for row in range(60, rgb.shape[0] - 40, 40):
            cv2.putText(
                drawn, "A question and what belongs to it", (30, row), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (40, 40, 40)
            )
        return drawn

    screen = redrawn(ENGLISH, path.with_suffix(".mp4"), page)
    return remuxed(path.with_suffix(".mkv"), Taken(screen, "video"), Taken(ENGLISH, "video"), Taken(ENGLISH, "audio"))


def _joined(path: Path) -> Path:
    def head(at_s: float) -> float | None:
        return at_s if at_s < 10 else None

    part = remuxed(path.with_suffix(".part.webm"), Taken(INDONESIAN, "video", head), Taken(INDONESIAN, "audio", head))
    return joined(path.with_suffix(".webm"), (part, part))


def _wide_pixels(path: Path) -> Path:
    def narrow(rgb: Any) -> Any:
        return cv2.resize(rgb, (rgb.shape[1] // 4 * 2, rgb.shape[0]), interpolation=cv2.INTER_AREA)

    return redrawn(ENGLISH, path.with_suffix(".mp4"), narrow, pixel=Fraction(2))


def _mirrored(path: Path) -> Path:
    return mirrored(ENGLISH, path.with_suffix(".mp4"), 640)


def _asleep(path: Path) -> Path:
    def move(at_s: float) -> float:
        return at_s if at_s < 10 else at_s + GAP_S

    return remuxed(path.with_suffix(".mkv"), Taken(ENGLISH, "video", move), Taken(ENGLISH, "audio", move))


def _fast_stamps(path: Path) -> Path:
    return remuxed(path.with_suffix(".mkv"), Taken(ENGLISH, "audio", lambda at_s: FAST * at_s))


def _portrait(path: Path) -> Path:
    with av.open(str(ENGLISH)) as opened:
        first = next(opened.decode(video=0)).to_ndarray(format="rgb24")
    size = first.shape[1] // 3, first.shape[0] // 3
    portrait = cv2.resize(first, size, interpolation=cv2.INTER_AREA)[:, ::-1]

    def hang(rgb: Any) -> Any:
        drawn = np.concatenate([rgb, np.full_like(rgb, 190)[:, : rgb.shape[1] // 2]], axis=1)
        drawn[20 : 20 + portrait.shape[0], rgb.shape[1] + 40 : rgb.shape[1] + 40 + portrait.shape[1]] = portrait
        return drawn

    return redrawn(ENGLISH, path.with_suffix(".mp4"), hang)


def _two_languages(path: Path) -> Path:
    parts = sounds.between(ENGLISH, 0, 12), sounds.between(INDONESIAN, 0, 14)
    return sounds.written(path.with_suffix(".flac"), *parts)


def _changed(change: Change) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        half = LENGTH_S / 2
        parts = sounds.between(ENGLISH, 0, half), change(sounds.between(ENGLISH, half))
        return sounds.written(path.with_suffix(".flac"), *parts)

    return make


KINDS = (
    Kind("as it was recorded", lambda path: ENGLISH, (*WHOLE_PICTURE, c.one_voice(), c.says(FIRST, LAST))),
    Kind("one damaged packet of sound", _damaged_sound,
         (c.sound_lasts(LENGTH_S), c.sound_missing(Span(6.6, 6.63)), c.says(FIRST, LAST)), short=True),
    Kind("one damaged packet of picture", _damaged_picture, (c.picture_lasts(LENGTH_S), c.face_in_view(1.0), AWAY)),
    Kind("picture starts 6 s late", _late_picture,
         (c.picture_missing(Span(0, LATE_S)), c.looks_away(13.2 + LATE_S, 16.0 + LATE_S),
          c.face_in_view(1 - LATE_S / LENGTH_S))),
    Kind("camera switched off at 8 s", _camera_off,
         (c.picture_missing(Span(OFF_S, LENGTH_S)), c.face_in_view(OFF_S / LENGTH_S), c.none_of(*STATIC)), short=True),
    Kind("silent desktop sound first", _silent_desktop, (c.sound_track(2, "speech"), c.says(FIRST, LAST)), short=True),
    Kind("shared screen first", _shared_screen, (c.picture_track(1, "face"), *WHOLE_PICTURE)),
    Kind("two recordings joined", _joined, (c.sound_lasts(20), c.picture_lasts(20), c.face_in_view(1.0)), "id"),
    Kind("pixels twice as wide as high", _wide_pixels, WHOLE_PICTURE),
    Kind("mirrored by the display matrix", _mirrored,
         (c.looks_away(13.2, 16.0, Direction.RIGHT), c.blinks(BLINKS), c.face_in_view(1.0))),
    Kind("a computer asleep for 30 minutes", _asleep,
         (c.sound_missing(Span(10, 10 + GAP_S)), c.picture_missing(Span(10, 10 + GAP_S)),
          c.picture_lasts(LENGTH_S + GAP_S), c.looks_away(13.2 + GAP_S, 16.0 + GAP_S), c.none_of(*STATIC))),
    Kind("stamps of sound a tenth too fast", _fast_stamps, (c.sound_lasts(FAST * LENGTH_S), c.says(FIRST)), short=True),
    Kind("a portrait on the wall", _portrait, (c.none_of(EventKind.SECOND_FACE), c.face_in_view(1.0))),
    Kind("English, then Indonesian", _two_languages, (c.languages("en", "id"),), "id"),
    Kind("a microphone that changes to a telephone's", _changed(telephone), (c.one_voice(), c.says(FIRST))),
    Kind("a head that turns from the microphone", _changed(muffled), (c.one_voice(), c.says(FIRST))),
    Kind("a room that echoes from the middle on", _changed(echoing), (c.one_voice(), c.says(FIRST))),
)  # fmt: skip
