"""Every metric that the code makes, and every metric and label that a PromQL expression uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import promql_parser as promql

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"Counter": "counter", "Gauge": "gauge", "Histogram": "histogram"}
PARTS = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as the code makes it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str

    @property
    def series(self) -> frozenset[str]:
        """Names under which Prometheus stores it."""
        return frozenset(self.name + part for part in PARTS[self.kind])


@dataclass(frozen=True, slots=True)
class Selector:
    """One `name{label="…"}` of an expression."""

    name: str
    labels: frozenset[str]


def metrics() -> Iterator[Metric]:
    """Every metric of every process, found in the source."""
    for folder in ("servicekit", "services", "orchestrator", "gateway"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                    yield from _metric(KINDS[node.func.id], node.args)


def _metric(kind: str, arguments: list[ast.expr]) -> Iterator[Metric]:
    if arguments and isinstance(arguments[0], ast.Constant):  # else it is a Counter of collections
        name, meaning, *labels = map(ast.literal_eval, arguments)
        yield Metric(name, kind, tuple(labels[0] if labels else ()), meaning)


def selectors(expression: str) -> list[Selector]:
    """The selectors of a PromQL expression. Raises ValueError where it is none."""
    found: list[Selector] = []

    def visit(node: promql.Expr) -> None:
        if isinstance(node, promql.VectorSelector):
            found.append(Selector(node.name or "", frozenset(m.name for m in node.matchers.matchers)))

    promql.walk(promql.parse(expression), visit)
    return found


def grouped_by(expression: str) -> set[str]:
    """Labels that the expression's aggregations keep or drop."""
    found: set[str] = set()

    def visit(node: promql.Expr) -> None:
        if isinstance(node, promql.AggregateExpr) and node.modifier is not None:
            found.update(node.modifier.labels)

    promql.walk(promql.parse(expression), visit)
    return found
