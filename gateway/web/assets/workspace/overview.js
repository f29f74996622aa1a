// Candidates who are compared, each in a line: proposal, total, findings, decision.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { GAZE } from "../results/findings.js";
import { outcome } from "../results/proposal.js";
import { cell, decision, findings, score, sessionPage } from "./row.js";

const COLUMNS = ["name", "outcome", "total", "findings", "decision"];

export function overview(candidates) {
  return el(
    "section",
    { class: "card", "aria-labelledby": "overall" },
    el("h2", { id: "overall" }, t("compare.overall")),
    el("p", { class: "quiet small" }, t("candidates.scale")),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("candidates.table") },
      el(
        "table",
        { class: "candidates stacked" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            COLUMNS.map((name) => el("th", { scope: "col" }, t(`candidates.by.${name}`))),
          ),
        ),
        el("tbody", {}, candidates.map(line)),
      ),
    ),
  );
}

function line({ id, result, session }) {
  const proposed = result.decision_proposal ?? {};
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("a", { href: sessionPage(id) }, result.name)),
    cell("outcome", proposed.outcome && outcome(proposed.outcome)),
    cell("total", score(proposed)),
    cell("findings", findings(counted(result))),
    cell("decision", decision(standing(session))),
  );
}

// As the job's table counts them: without those in gaze.
function counted(result) {
  const counts = { info: 0, review: 0, serious: 0 };
  for (const item of result.content ?? [])
    for (const { type, severity } of item.result?.evidence?.findings ?? []) if (!GAZE.has(type)) counts[severity] += 1;
  return counts;
}

function standing(session) {
  if (session?.review_state === "contested") return "contested";
  return session?.review_state === "decided" ? session.review.decision : "open";
}
