// A candidate in a line of the table.

import { badge, el, moment, number } from "../dom.js";
import { language, t } from "../i18n.js";
import { FINAL_DIGITS, bar, final } from "../results/interval.js";
import { outcome } from "../results/proposal.js";
import { decisionName } from "./filters.js";

const SEVERITIES = [
  ["serious", "bad"],
  ["review", "warn"],
  ["info", ""],
];
const DECIDED = new Set(["pass", "consider", "fail"]);
const DAY_MS = 86_400_000,
  HOUR_MS = 3_600_000;

// `box` chooses the candidate, `star` puts them on the shortlist.
export function candidateRow(found, box, star) {
  return el(
    "tr",
    {},
    el("td", {}, found.state === "completed" && box),
    el(
      "th",
      { scope: "row" },
      el("a", { href: sessionPage(found.session_id) }, found.candidate_name),
      found.comments > 0 &&
        el("div", { class: "quiet small" }, t("candidates.comments", { n: number(found.comments, 0) })),
    ),
    el("td", {}, star),
    cell("outcome", proposed(found)),
    cell("total", found.hidden ? "–" : score(found)),
    cell("findings", findings(found.findings)),
    cell("decision", decision(found.decision)),
    cell(
      "created",
      el("time", { datetime: found.create_time, title: moment(found.create_time) }, age(found.create_time)),
    ),
  );
}

// With its column's name, which stands before it where the table has no room for columns.
export function cell(name, ...content) {
  return el("td", { "data-label": t(`candidates.by.${name}`) }, el("span", {}, ...content));
}

function proposed(found) {
  if (found.hidden && found.state === "completed") return badge(t("candidates.rate_first"));
  return found.outcome ? outcome(found.outcome) : badge(t(`state.${found.state}`));
}

export function sessionPage(id) {
  return `/halaman_dasboard.html?${new URLSearchParams({ session: id })}`;
}

// The total with its interval, as figures and as a bar from 0 to 100.
export function score({ total, total_low: low, total_high: high }) {
  if (typeof total !== "number") return el("span", { class: "quiet" }, t("candidates.no_score"));
  return el(
    "div",
    { class: "scored" },
    el("span", {}, final(total, low, high)),
    bar(t("proposal.total"), total, low, high, FINAL_DIGITS),
  );
}

export function findings(counts) {
  if (!counts) return "–";
  const some = SEVERITIES.filter(([name]) => counts[name]);
  if (!some.length) return el("span", { class: "quiet" }, t("candidates.no_findings"));
  return some.map(([name, kind], place) => [
    place > 0 && " · ",
    el("span", { class: kind || "quiet" }, t(`candidates.count.${name}`, { n: number(counts[name], 0) })),
  ]);
}

export function decision(name) {
  if (DECIDED.has(name)) return outcome(name);
  return name === "open" ? el("span", { class: "quiet" }, decisionName(name)) : badge(decisionName(name), "warn");
}

// How long ago that was, in the page's language.
export function age(iso) {
  const passed = Date.now() - new Date(iso).getTime();
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (passed < DAY_MS) return words.format(-Math.floor(passed / HOUR_MS), "hour");
  return words.format(-Math.floor(passed / DAY_MS), "day");
}
