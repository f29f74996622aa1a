"""What the fitting printed: agreement on questions never seen, intervals, refusals, sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from services.judge.learned.evaluator import CLOSE_POINTS, closeness
from training.judge.fitting import Values
from training.judge.learning import Learned, qwk, total
from training.judge.material import GRADED

RESAMPLES, SEED = 1000, 4
SHARES = (0.25, 0.5, 0.75, 0.9, 1.0)


def printed(found: Learned) -> None:
    """Print the table as Markdown rows."""
    for name, value in rows(found):
        print(f"| {name} | {value} |")


def rows(found: Learned) -> Iterator[tuple[str, str]]:
    """Name and figures of each row."""
    truth = np.array([a.grades for a in found.answers])
    groups = np.array([a.qid for a in found.answers])
    languages = np.array([a.language for a in found.answers])
    words = np.log([a.words for a in found.answers])
    both = [a for a in found.answers if a.second is not None]
    for n, name in enumerate(GRADED):
        grades = truth[:, n]
        value = found.foretold[name].value
        each = ", ".join(f"{code} {pearson(value[at], grades[at]):.2f}" for code, at in _split(languages))
        yield (
            f"{name}, r over {len(grades)} answers, folds by question",
            f"{interval(value, grades, groups)} ({each}; length at equal grade {partial(value, words, grades):+.2f})",
        )
        if both:
            one, other = (np.array([getattr(a, which)[n] for a in both]) for which in ("first", "second"))
            yield f"{name}, the two gradings, {len(both)} answers", f"r {pearson(one, other):.2f}"
    unseen, own = found.criteria
    yield f"rubrics' own criteria, {len(own)} answers", f"r {pearson(unseen, own):.2f}"
    yield from _trust(found, truth.mean(1))
    values, labels = found.sentences
    limit = 0.5
    caught = float((values[labels == 1] >= limit).mean())
    yield "sentences aimed at whoever scores, by folds, over .5", f"{100 * caught:.0f} % of {int(labels.sum())}"
    yield "head", found.sha256


def _trust(found: Learned, truth: Values) -> Iterator[tuple[str, str]]:
    value, criteria = total(found.foretold)
    error = found.total_error * criteria
    inside = np.abs(value - truth) <= found.interval * error
    near = np.array([closeness(e) for e in error])
    right = np.abs(value - truth) <= CLOSE_POINTS
    for share in SHARES:
        at = error <= np.quantile(error, share)
        mean = np.abs(value - truth)[at].mean()
        yield f"the surest {100 * share:.0f} %", f"QWK {qwk(value[at], truth[at]):.2f}, mean error {mean:.1f} points"
    yield "refused", f"{100 * (error > found.limits['error']).mean():.0f} %"
    yield "total inside its interval", f"{100 * inside.mean():.0f} %"
    yield "expected calibration error of the confidence", f"{calibration_error(near, right.astype(float)):.3f}"


def pearson(one: Values, other: Values) -> float:
    """Correlation."""
    return float(np.corrcoef(one, other)[0, 1])


def interval(value: Values, grades: Values, groups: Sequence[str] | Values) -> str:
    """Pearson's r with its 95 % interval, questions resampled."""
    random = np.random.default_rng(SEED)
    members = [np.flatnonzero(np.asarray(groups) == g) for g in sorted(set(groups))]
    found = []
    for _ in range(RESAMPLES):
        at = np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
        found.append(pearson(value[at], grades[at]))
    low, high = np.quantile(found, (0.025, 0.975))
    return f"{pearson(value, grades):.2f} ({low:.2f} to {high:.2f})"


def partial(one: Values, other: Values, given: Values) -> float:
    """Correlation of what `given` leaves of both."""
    rest = [v - np.polyval(np.polyfit(given, v, 1), given) for v in (one, other)]
    return pearson(rest[0], rest[1])


def calibration_error(said: Values, right: Values) -> float:
    """Mean gap between a confidence and how often it is right, over ten equal groups."""
    order = np.argsort(said)
    parts = np.array_split(order, 10)
    return float(sum(len(p) * abs(said[p].mean() - right[p].mean()) for p in parts) / len(said))


def _split(languages: Values) -> Iterator[tuple[str, Values]]:
    for code in ("en", "id"):
        yield code, languages == code
