"""One template from several renders of the same object."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.helm_chart.places import camel
from scripts.helm_chart.trees import ABSENT, tree
from scripts.helm_chart.values import profile
from scripts.helm_chart.weave import Object, escaped, joined, laid_out

On = frozenset[str]
NOBODY: On = frozenset()


def woven(plain: Any, **changed: Any) -> str:
    """The template of a Thing that components change; with two at once the later one counts."""

    def at_all(on: On) -> Any:
        found = plain
        for component in changed:
            found = changed[component] if component in on else found
        return ABSENT if found is None else tree(found)

    thing = Object("Thing", "thing", at_all, lambda on: True)
    return laid_out(thing.document(NOBODY, tuple(changed)))


def test_what_nobody_changes_stands_as_it_is() -> None:
    assert woven({"kind": "Thing", "size": "2", "on": True}) == "kind: Thing\nsize: '2'\n'on': true\n"


def test_what_a_component_changes_stands_under_its_condition() -> None:
    text = woven({"size": 1}, gpu={"size": 2})
    assert text == "{{- if .Values.components.gpu }}\nsize: 2\n{{- else }}\nsize: 1\n{{- end }}\n"


def test_what_it_brings_and_what_it_takes_away() -> None:
    text = woven({"a": 1, "b": 2}, gpu={"a": 1, "c": 3})
    assert text.splitlines() == [
        "a: 1",
        "{{- if not .Values.components.gpu }}",
        "b: 2",
        "{{- end }}",
        "{{- if .Values.components.gpu }}",
        "c: 3",
        "{{- end }}",
    ]


def test_two_components_that_change_the_same_have_each_other_in_mind() -> None:
    lines = woven({"size": 1}, gpu={"size": 2}, mtls={"size": 3}).splitlines()
    assert lines[0] == "{{- if .Values.components.gpu }}"
    assert lines[1:6] == ["{{- if .Values.components.mtls }}", "size: 3", "{{- else }}", "size: 2", "{{- end }}"]
    assert lines[6:] == ["{{- else if .Values.components.mtls }}", "size: 3", "{{- else }}", "size: 1", "{{- end }}"]


def test_an_item_of_a_list_is_known_by_its_name() -> None:
    one, two = {"name": "A", "value": "1"}, {"name": "B", "value": "2"}
    lines = woven({"env": [one, two]}, gpu={"env": [two]}).splitlines()
    assert lines[:5] == [
        "env:",
        "  {{- if not .Values.components.gpu }}",
        "  - name: A",
        "    value: '1'",
        "  {{- end }}",
    ]
    assert lines[5:] == ["  - name: B", "    value: '2'"]


def test_neighbours_with_one_condition_share_it_unless_there_is_an_else() -> None:
    twice = ["{{- if X }}", "a", "{{- end }}", "{{- if X }}", "b", "{{- end }}"]
    assert joined(twice) == ["{{- if X }}", "a", "b", "{{- end }}"]
    other = ["{{- if X }}", "a", "{{- else }}", "c", "{{- end }}", "{{- if X }}", "b", "{{- end }}"]
    assert joined(other) == other


def test_text_that_helm_would_take_for_its_own_is_told_apart() -> None:
    assert escaped("{{ $labels.pod }} is gone") == '{{ "{{" }} $labels.pod }} is gone'


def test_an_overlay_that_no_value_can_say_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the chart would silently be another installation than the overlay."""
    found = {("Service", "judge"): tree({"kind": "Service", "metadata": {"name": "judge"}, "spec": {"port": 1}})}
    other = {("Service", "judge"): tree({"kind": "Service", "metadata": {"name": "judge"}, "spec": {"port": 2}})}
    monkeypatch.setattr("scripts.helm_chart.values.overlay", lambda _: (NOBODY, other))
    with pytest.raises(ValueError, match=r"Service judge, spec\.port is 2 in place of 1"):
        profile("mine", lambda _: found)  # type: ignore[arg-type]


def test_a_components_name_is_one_that_templates_can_follow() -> None:
    assert camel("gateway-api") == "gatewayApi"
