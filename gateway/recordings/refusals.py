"""Why nothing of a recording is given out."""

from __future__ import annotations

import grpc

from servicekit.errors import ServiceError


def recording_not_found() -> ServiceError:
    """Nothing can be played of that answer: not kept, not made yet, or gone."""
    message = (
        "There is no recording of this answer to be played. Its session says why (`answers[].playback`): the policy "
        "keeps none, it is being made, or its time is over."
    )
    return ServiceError(grpc.StatusCode.NOT_FOUND, "RECORDING_NOT_FOUND", message)


def range_not_satisfiable(size: int) -> ServiceError:
    """A range of bytes is asked for that a file does not have."""
    message = f"The recording has {size} bytes; the range begins behind its end."
    return ServiceError(grpc.StatusCode.OUT_OF_RANGE, "RANGE_NOT_SATISFIABLE", message, {"size": str(size)})
