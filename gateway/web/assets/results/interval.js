// Scores of 100 with their intervals, as text and as a bar.

import { number, svg } from "../dom.js";
import { t } from "../i18n.js";

// Such as "74 (66–82)"; the interval is left out where it is not known.
export function within(value, low, high, digits = 0) {
  const score = number(value, digits);
  return known(low, high) ? `${score} (${number(low, digits)}–${number(high, digits)})` : score;
}

export function bar(name, value, low, high) {
  const figures = { name, score: number(value, 0), low: number(low, 0), high: number(high, 0) };
  const label = t(known(low, high) ? "rating.bar_within" : "rating.bar", figures);
  return svg(
    "svg",
    { class: "bar", viewBox: "0 0 100 12", preserveAspectRatio: "none", role: "img", "aria-label": label },
    svg("rect", { class: "ground", y: 2, width: 100, height: 8 }),
    svg("rect", { class: "value", y: 2, width: Math.max(value, 0), height: 8 }),
    known(low, high) &&
      ["halo", "whisker"].map((kind) => svg("path", { class: kind, d: `M${low} 6H${high}M${low} 2V10M${high} 2V10` })),
  );
}

export function known(low, high) {
  return typeof low === "number" && typeof high === "number";
}
