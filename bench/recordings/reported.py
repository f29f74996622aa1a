"""Recordings of these kinds from a folder `recordings` that `BENCH_DATA` names, all of one answer cut to 20 s."""

from __future__ import annotations

from pathlib import Path

from bench.recordings import claims as c
from bench.recordings.kinds import AWAY, BLINKS, STATIC, Kind
from servicekit.wire import Span
from services.vision.model import EventKind

LENGTH_S = 20.0
FIVE = c.blinks([at_s for at_s in BLINKS if at_s < LENGTH_S])
WHOLE = (c.face_in_view(1.0), AWAY, FIVE, c.none_of(EventKind.SECOND_FACE))
RIGHT: dict[str, tuple[c.Claim, ...]] = {
    "whole.mp4": (*WHOLE, c.one_voice()),
    "two_sounds_silent_first.mkv": (c.sound_track(2, "speech"), c.says("last spring")),
    "two_pictures_screen_first.mkv": (c.picture_track(1, "face"), c.face_in_view(1.0), AWAY),
    "picture_starts_at_6s.mp4": (c.picture_missing(Span(0, 6)), AWAY),
    "picture_ends_at_8s.mp4": (c.picture_missing(Span(8, LENGTH_S)), c.face_in_view(0.4)),
    "two_recordings_joined.webm": (c.sound_lasts(22), c.picture_lasts(22)),
    "sound_hurt_at_5s.mp4": (c.sound_lasts(LENGTH_S), c.sound_missing(Span(5, 5.03))),
    "picture_hurt_at_5s.mp4": (c.picture_lasts(LENGTH_S), AWAY),
    "picture_hurt_at_0s.mp4": (c.picture_lasts(LENGTH_S), AWAY, c.picture_missing(Span(0, 10))),
    "pixels_64_45.mp4": WHOLE,
    "pixels_2_1.mp4": WHOLE,
    "matrix_mirrors.mp4": (c.face_in_view(1.0), AWAY, FIVE),
    "gap_of_30_minutes.webm": (c.picture_lasts(1820), c.none_of(*STATIC)),
    "stamps_10_percent_fast.mkv": (c.sound_lasts(18),),
    "portrait_on_the_wall.mp4": (c.none_of(EventKind.SECOND_FACE),),
    "english_then_indonesian.flac": (c.languages("en", "id"),),
    "microphone_changes.flac": (c.one_voice(),),
    "microphone_same.flac": (c.one_voice(),),
}


def reported(data: Path) -> list[Kind]:
    """Those that are there."""
    folder = data / "recordings"
    return [_kind(folder / name, claims) for name, claims in RIGHT.items() if (folder / name).is_file()]


def _kind(path: Path, claims: tuple[c.Claim, ...]) -> Kind:
    language = "id" if path.name == "english_then_indonesian.flac" else "en"
    return Kind(f"reported: {path.name}", lambda target: path, claims, language)
