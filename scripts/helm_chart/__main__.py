"""`python -m scripts.helm_chart`: make the Helm chart anew from the kustomize base and components."""

from __future__ import annotations

from scripts.helm_chart.chart import CHART, write

if __name__ == "__main__":
    write()
    print(f"{CHART} is made")
