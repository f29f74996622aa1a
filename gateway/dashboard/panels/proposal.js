// What the policy proposes and why, and what a person has decided.

import { badge, el, number, words } from "../dom.js";

const KINDS = { pass: "good", consider: "warn", fail: "bad" };
const NAMES = { pass: "Lulus (pass)", consider: "Pertimbangan (consider)", fail: "Tidak Lulus (not passed)", insufficient: "Not enough to propose anything" };

export function proposalPanel(result, session) {
  const found = result.decision_proposal;
  if (!found) return null;
  return el("section", { class: "card", "aria-labelledby": "proposal" },
    el("div", { class: "between" }, el("h2", { id: "proposal" }, "Proposal"),
      badge(NAMES[found.outcome] ?? found.proposal, KINDS[found.outcome])),
    el("ul", {}, (found.reasons ?? []).map((reason) => el("li", {}, reason))),
    terms(found), decision(session),
    el("p", { class: "quiet small" }, `Policy ${found.policy?.name}: ${found.policy?.description} `,
      el("code", {}, String(found.policy?.sha256 ?? "").slice(0, 12))));
}

function terms(found) {
  if (!found.terms?.length) return null;
  return el("table", {},
    el("thead", {}, el("tr", {}, ["What counts", "Value", "Weight", "Points"].map((name) => el("th", {}, name)))),
    el("tbody", {}, found.terms.map((term) => el("tr", {},
      [words(term.name), number(term.value), number(term.weight, 3), number(term.points)].map((cell) => el("td", {}, cell))))),
    el("tfoot", {}, el("tr", {}, el("th", {}, "Total"), el("td", {}), el("td", {}), el("td", {}, number(found.total)))));
}

function decision(session) {
  const review = session?.review;
  if (!review) return el("p", {}, el("strong", {}, "Nobody has decided yet. "), "Only a person's review is a decision.");
  return [
    el("p", {}, el("strong", {}, `${review.reviewer} decided: ${NAMES[review.decision] ?? review.decision}. `), review.reason),
    session.review_state === "contested" && el("p", { class: "warn" }, `Contested: ${session.objection}`),
  ];
}
