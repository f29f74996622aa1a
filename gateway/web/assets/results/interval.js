// Scores of 100 with their intervals, as text and as a bar. A rating and an answer's total are whole points, a session's
// total has one digit where it is not whole. Halves go up, by the number as it is written: as servicekit/scores/rounding.py and the client do it.

import { number, svg } from "../dom.js";
import { t } from "../i18n.js";

export const FINAL_DIGITS = 1;

export function halfUp(value, digits = 0) {
  if (Math.abs(value) < 1e-6) return 0; // such numbers are written with an exponent
  return Number(`${Math.round(Number(`${value}e${digits}`))}e-${digits}`);
}

export function score(value, digits = 0) {
  return typeof value === "number" ? number(halfUp(value, digits), digits) : "–";
}

// Such as "74 (66–82)"; the interval is left out where it is not known.
export function within(value, low, high, digits = 0) {
  const shown = score(value, digits);
  return known(low, high) ? `${shown} (${score(low, digits)}–${score(high, digits)})` : shown;
}

// A session's total.
export function final(value, low, high) {
  return within(value, low, high, FINAL_DIGITS);
}

export function bar(name, value, low, high, digits = 0) {
  const figures = { name, score: score(value, digits), low: score(low, digits), high: score(high, digits) };
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
