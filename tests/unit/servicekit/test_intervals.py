from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from servicekit.intervals import joined, joined_spans
from servicekit.wire import Span

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=12).map(
    lambda pairs: [Span(float(start), float(start + length)) for start, length in sorted(pairs)]
)


def test_gaps_up_to_the_limit_are_closed() -> None:
    spans = [Span(0.0, 1.0), Span(1.5, 2.0), Span(2.6, 3.0)]
    assert joined_spans(spans, 0.5) == [Span(0.0, 2.0), Span(2.6, 3.0)]


def test_a_span_inside_another_does_not_shorten_it() -> None:
    assert joined_spans([Span(0.0, 5.0), Span(1.0, 2.0), Span(5.2, 6.0)], 0.5) == [Span(0.0, 6.0)]


@given(SPANS, st.integers(0, 5))
def test_what_is_joined_covers_the_same_and_keeps_wider_gaps(spans: list[Span], gap_s: int) -> None:
    found = joined_spans(spans, gap_s)
    assert all(any(whole.start_s <= s.start_s and s.end_s <= whole.end_s for whole in found) for s in spans)
    assert all(b.start_s - a.end_s > gap_s for a, b in pairwise(found))
    assert joined_spans(found, gap_s) == found


def test_the_caller_says_what_belongs_together() -> None:
    assert joined("aabccc", lambda a, b: a + b if a[-1] == b else None) == ["aa", "b", "ccc"]
