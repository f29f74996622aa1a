"""Where two voices may speak at once. A suspicion: most overlaps stay unseen, see docs/measurements/speech.md."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.optimize import nnls

from servicekit.intervals import joined_spans
from servicekit.wire import Span
from services.audio.voices.clusters import Clusters, Embeddings, Features, Floats
from services.audio.voices.windows import Window

# A window is suspect when the second voice has this share of the best mixture of the voices' embeddings, and the
# mixture still leaves this much of the unit embedding unexplained. So one window in a hundred with a single voice
# passes, and 48, 33 and 23 in a hundred with a second voice at 0, -3 and -6 dB.
LEAST_SHARE, LEAST_RESIDUAL = 0.15, 0.50


def overlaps(clusters: Clusters, voice: Features, windows: Sequence[Window]) -> tuple[Span, ...]:
    """Suspect windows in order of time, joined where they touch; none with a single voice."""
    if clusters.count < 2:
        return ()
    voices = clusters.voiceprints(voice).T.astype("f8")
    suspect = (w.span for e, w in zip(voice.heard, windows, strict=True) if _is_mixed(voices, e))
    return tuple(joined_spans(suspect, 0.0))


def _is_mixed(voices: Floats, embedding: Embeddings) -> bool:
    shares, residual = nnls(voices, embedding.astype("f8"))
    total = float(shares.sum())
    return total > 0 and float(sorted(shares)[-2]) / total >= LEAST_SHARE and float(residual) >= LEAST_RESIDUAL
