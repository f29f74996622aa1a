// The judge's ratings of one answer, each with what it rests on.

import { clock, el, number, words } from "../dom.js";
import { known, t } from "../i18n.js";

export function scoresPanel(result, cursor) {
  const rating = result.penilaian ?? {};
  const ratings = result.evidence?.ratings ?? [];
  if (!ratings.length) return rating.not_scored_reason ? el("section", {}, el("h3", {}, t("rating.title")), el("p", { class: "warn" }, t("rating.none", { why: rating.not_scored_reason }))) : null;
  return el("section", {}, el("h3", {}, t("rating.title")),
    ratings.map((found) => row(found, cursor)),
    typeof rating.total === "number" && el("div", { class: "score sum" }, el("strong", {}, t("rating.total")), bar(rating.total, t("rating.total")), el("output", {}, number(rating.total, 0))),
    rating.analisis_llm && el("details", { open: true }, el("summary", {}, t("rating.why")), el("p", { class: "text" }, rating.analisis_llm)),
    doubts(result, rating));
}

function row(found, cursor) {
  const name = known(`rating.${found.criterion}`) ? t(`rating.${found.criterion}`) : words(found.criterion);
  return el("div", { class: "score" }, el("span", {}, name), bar(found.score, name), el("output", {}, number(found.score, 0)),
    el("div", { class: "basis small quiet" },
      typeof found.confidence === "number" && t("rating.confidence", { percent: number(found.confidence * 100, 0) }),
      found.quote && [" · ", el("button", { type: "button", class: "quote", title: t("timeline.to_text"), onclick: () => {
        cursor.dispatchEvent(new CustomEvent("go", { detail: found.start_s }));
        cursor.dispatchEvent(new CustomEvent("read", { detail: found.start_s }));
      } }, `“${found.quote}” ${clock(found.start_s)}`)]));
}

function bar(value, label) {
  return el("meter", { min: 0, max: 100, value, "aria-label": label });
}

function doubts(result, rating) {
  const judge = result.provenance?.judge ?? {};
  return [
    judge.backend === "rules" && el("p", { class: "warn small" }, t("rating.rules")),
    judge.samples > 0 && el("p", { class: "quiet small" }, t("rating.samples", { n: judge.samples })),
    typeof rating.confidence_score === "number" && el("p", { class: "quiet small" }, t("rating.confidence", { percent: number(rating.confidence_score, 0) })),
  ];
}
