"""The process that decodes: what to do is JSON in the first line of its input.

It reads one recording from an open descriptor, says what is in it, sends its sound or pictures, and last what was lost.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import av
import numpy as np

from servicekit.recording import jail, messages
from servicekit.recording.fork_server import RECORDING
from servicekit.recording.limits import Limits, Refused
from servicekit.recording.picture import Picture, Pictures, Wanted
from servicekit.recording.sound import Sound
from servicekit.recording.sound_tracks import most_spoken, speech_likeness
from servicekit.recording.spans import merged, within
from servicekit.recording.survey import Survey, survey

OUT = 1
LOOKS, LOOK_STEP_S = 10, 2.0
"""Key frames of each picture track that are shown when there are several, and the least time between two."""
LISTENING_RATE_HZ = 8_000
APART_S = 0.1
"""Losses that are nearer to each other are one."""


def run() -> None:
    """What the new process does from its start to its end."""
    av.logging.set_level(None)
    task = json.loads(sys.stdin.readline())
    limits = Limits(**task["limits"])
    filtered = jail.enter(limits)
    signal.setitimer(signal.ITIMER_PROF, limits.silent_s, limits.silent_s)
    try:
        read(task | {"filtered": filtered}, limits)
    except Refused as refusal:
        send({"reason": refusal.reason, "why": refusal.why})
    except MemoryError:
        send({"reason": "MEDIA_UNREADABLE", "why": f"reading it takes more than {limits.memory_mb} MB of memory"})
    except BrokenPipeError:
        return  # nobody wants the rest


def read(task: dict[str, Any], limits: Limits) -> None:
    """Do one task: `probe`, `sound` or `picture`."""
    file, name = RECORDING, task["name"]
    found = survey(file, limits)
    sound, why = _sound_track(file, found, limits) if name != "picture" else (0, "")
    send({"survey": _survey(found), "sound": sound, "why": why, "filtered": task["filtered"]})
    if name == "sound" and found.sound:
        _send_sound(Sound(file, found, found.sound[sound], task["rate_hz"], limits), found)
    elif name == "picture" and found.picture:
        wanted = Wanted(task["short_side_px"], task["frame_rate_hz"])
        _send_pictures(file, found, task["threads"], limits, wanted)
    send({"end": True})


def send(header: dict[str, Any], payload: Sequence[memoryview | bytes] = ()) -> None:
    """Say something; the processor time that may go by in silence begins anew."""
    messages.send(OUT, header, payload)
    silent_s = signal.getitimer(signal.ITIMER_PROF)[1]
    signal.setitimer(signal.ITIMER_PROF, silent_s, silent_s)


def _survey(found: Survey) -> dict[str, Any]:
    return {
        "format": found.format,
        "duration_s": found.duration_s,
        "sound": [asdict(track) | {"holes": found.sound_holes(track), "covered": None} for track in found.sound],
        "picture": [asdict(track) | {"covered": None} for track in found.picture],
        "counts": found.counts,
    }


def _sound_track(file: int, found: Survey, limits: Limits) -> tuple[int, str]:
    """Which sound track to take, and why."""
    if len(found.sound) < 2:
        return 0, "only" if found.counts["audio"] < 2 else "decodable"
    heard = [Sound(file, found, track, LISTENING_RATE_HZ, limits).blocks() for track in found.sound]
    chosen = most_spoken([speech_likeness(blocks, LISTENING_RATE_HZ) for blocks in heard])
    return chosen, "speech" if chosen else "first"


def _send_sound(sound: Sound, found: Survey) -> None:
    for block in sound.blocks():
        send({}, [np.ascontiguousarray(block).data])
    lost = within(sound.lost, found.duration_s)
    send({"missing": merged([*found.sound_holes(sound.track), *lost], APART_S)})


def _send_pictures(file: int, found: Survey, threads: int, limits: Limits, wanted: Wanted) -> None:
    number = 0
    if len(found.picture) > 1:
        for index, track in enumerate(found.picture):
            for picture in _looks(Pictures(file, found, track, 1, limits)):
                _send_picture(picture, look=index)
        send({"choose": True})
        number = int(sys.stdin.readline())
    pictures = Pictures(file, found, found.picture[number], threads, limits, wanted)
    for picture in pictures.frames():
        _send_picture(picture)
    send({"missing": pictures.holes()})


def _looks(pictures: Pictures) -> Iterator[Picture]:
    next_s, left = 0.0, LOOKS
    for picture in pictures.frames(keys_only=True):
        if picture.offset_s >= next_s:
            next_s, left = picture.offset_s + LOOK_STEP_S, left - 1
            yield picture
        if not left:
            return


def _send_picture(picture: Picture, **more: int) -> None:
    header = {
        "offset_s": picture.offset_s,
        "size_px": picture.size_px,
        "format": picture.format,
        "colorspace": picture.colorspace,
        "shape": picture.planes[0].shape,
    }
    send(header | more, [np.ascontiguousarray(plane).data for plane in picture.planes])
