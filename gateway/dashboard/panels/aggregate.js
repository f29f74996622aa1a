// The session as a whole.

import { badge, el, number } from "../dom.js";
import { verdictKind } from "./findings.js";

export function aggregatePanel(result) {
  const llm = result.llm_results ?? {};
  const integrity = result.aggregate_cheating_detection ?? {};
  const nonVerbal = result.aggregate_non_verbal_analysis ?? {};
  const verdict = integrity.final_aggregate_verdict;
  return el("section", { class: "card", "aria-labelledby": "overall" },
    el("div", { class: "between" }, el("h2", { id: "overall" }, "Overall"),
      verdict && badge(`Review: ${verdict}`, verdictKind(verdict))),
    el("div", { class: "tiles" },
      tile("Answers, mean of 100", llm.avg_total_llm),
      tile("Final score", llm.final_score_llm),
      tile("Judge's confidence, %", llm.rata_rata_confidence_score),
      tile("Non-verbal score", nonVerbal.overall_confidence_score, nonVerbal.overall_performance_status),
      tile("Suspicious frames, %", integrity.avg_cheating_score)),
    llm.kesimpulan_llm && [el("h3", {}, "Summary"), el("p", { class: "text" }, llm.kesimpulan_llm)],
    nonVerbal.summary && [el("h3", {}, "Speech, face and eyes"), el("p", { class: "text" }, nonVerbal.summary)],
    integrity.summary && [el("h3", {}, "Moments to look at"), el("p", { class: "text" }, integrity.summary)]);
}

function tile(label, value, remark) {
  if (value === null || value === undefined) return null;
  return el("div", { class: "tile" }, el("b", {}, typeof value === "number" ? number(value) : value),
    el("span", {}, label, remark ? ` · ${String(remark).toLowerCase()}` : ""));
}
