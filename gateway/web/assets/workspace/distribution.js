// How the total scores of a job's candidates spread: ten bars over a scale from 0 to 100.

import { el, number, svg } from "../dom.js";
import { t } from "../i18n.js";

const WIDTH = 320,
  BASE = 74,
  TALLEST = 56,
  LEFT = 10,
  STEP = 30,
  GAP = 2;

export function distribution({ steps, not_scored: without }) {
  const scored = steps.reduce((sum, count) => sum + count, 0);
  if (!scored) return without ? el("p", { class: "quiet small" }, left(without)) : null;
  return el(
    "figure",
    { class: "distribution" },
    el("figcaption", { class: "small" }, t("totals.title", { n: number(scored, 0) })),
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} 104`, role: "img", "aria-label": words(steps) },
      steps.map((count, step) => column(count, step, Math.max(...steps))),
      scale(),
    ),
    without > 0 && el("p", { class: "quiet small" }, left(without)),
  );
}

function column(count, step, most) {
  if (!count) return null;
  const height = Math.max((TALLEST * count) / most, 2);
  const x = LEFT + step * STEP;
  return [
    svg("rect", { class: "value", x: x + GAP / 2, y: BASE - height, width: STEP - GAP, height }),
    svg("text", { class: "count", x: x + STEP / 2, y: BASE - height - 4 }, number(count, 0)),
  ];
}

function scale() {
  const ticks = [0, 20, 40, 60, 80, 100].map((points) => {
    const x = LEFT + (points * STEP) / 10;
    return [
      svg("line", { class: "tick", x1: x, x2: x, y1: BASE, y2: BASE + 4 }),
      svg("text", { x, y: BASE + 15 }, points),
    ];
  });
  return [
    svg("line", { class: "axis", x1: LEFT, x2: LEFT + 10 * STEP, y1: BASE, y2: BASE }),
    ticks,
    svg("text", { x: WIDTH / 2, y: BASE + 28 }, t("totals.axis")),
  ];
}

// The picture for those who do not see it.
function words(steps) {
  const some = steps
    .map((count, step) => [count, step * 10])
    .filter(([count]) => count)
    .map(([count, from]) => t("totals.step", { from, to: from + 10, n: number(count, 0) }));
  return `${t("totals.axis")}: ${some.join("; ")}`;
}

function left(count) {
  return t("totals.not_scored", { n: number(count, 0) });
}
