// What the policy proposes and why.

import { badge, el, number, words } from "../dom.js";
import { t } from "../i18n.js";
import { final } from "./interval.js";

const KINDS = { pass: "good", consider: "warn", fail: "bad" };

export function outcome(name) {
  return badge(t(`proposal.${name}`), KINDS[name] ?? "");
}

export function proposalPanel(result) {
  const found = result.decision_proposal;
  if (!found) return null;
  return el(
    "section",
    { class: "card", "aria-labelledby": "proposal" },
    el("div", { class: "between" }, el("h2", { id: "proposal" }, t("proposal.title")), outcome(found.outcome)),
    el("p", { class: "quiet small" }, t("proposal.note")),
    el(
      "ul",
      { lang: "en" },
      (found.reasons ?? []).map((reason) => el("li", {}, reason)),
    ),
    typeof found.total === "number" &&
      el(
        "p",
        {},
        `${t("proposal.total_of")}: `,
        el("strong", {}, final(found.total, found.total_low, found.total_high)),
      ),
    terms(found),
    el(
      "p",
      { class: "quiet small" },
      `${t("proposal.policy", { name: found.policy?.name })}: `,
      el("span", { lang: "en" }, `${found.policy?.description} `),
      el("code", {}, String(found.policy?.sha256 ?? "").slice(0, 12)),
    ),
  );
}

function terms(found) {
  if (!found.terms?.length) return null;
  const heads = ["what", "value", "weight", "points"];
  return el(
    "details",
    {},
    el("summary", {}, t("proposal.why")),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("proposal.why") },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            heads.map((name) => el("th", { scope: "col" }, t(`proposal.${name}`))),
          ),
        ),
        el(
          "tbody",
          {},
          found.terms.map((term) =>
            el(
              "tr",
              {},
              [words(term.name), number(term.value), number(term.weight, 3), number(term.points)].map((cell) =>
                el("td", {}, cell),
              ),
            ),
          ),
        ),
        el(
          "tfoot",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "row" }, t("proposal.total")),
            el("td", {}),
            el("td", {}),
            el("td", {}, final(found.total, found.total_low, found.total_high)),
          ),
        ),
      ),
    ),
  );
}
