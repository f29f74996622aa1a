// The judge's ratings of one answer, each with what it rests on, or why a person has to rate it.

import { clock, el, number, words } from "../dom.js";
import { known, t } from "../i18n.js";
import * as interval from "./interval.js";
import { playFrom } from "./moments.js";

export function scoresPanel(result, cursor) {
  const rating = result.penilaian ?? {};
  const ratings = result.evidence?.ratings ?? [];
  const scored = ratings.some(({ score }) => typeof score === "number");
  if (!scored && !rating.not_scored_reason) return null;
  return el(
    "section",
    {},
    el("h3", {}, t("rating.title")),
    scored
      ? el(
          "p",
          { class: "quiet small" },
          t(ratings.some(({ low, high }) => interval.known(low, high)) ? "rating.scale" : "rating.scale_plain"),
        )
      : unscored(rating),
    ratings.map((found) => row(found, cursor)),
    scored && total(rating),
    remarks(rating),
    scored && doubts(result, rating),
  );
}

function unscored(rating) {
  if (!rating.rate_by_hand) return el("p", { class: "warn" }, t("rating.none", { why: rating.not_scored_reason }));
  return el("p", { class: "warn" }, el("strong", {}, t("rating.by_hand")), ` ${rating.not_scored_reason}`);
}

function row(found, cursor) {
  const name = known(`rating.${found.criterion}`) ? t(`rating.${found.criterion}`) : words(found.criterion);
  const { score, low, high } = found;
  return el(
    "div",
    { class: "score" },
    el("span", {}, name),
    typeof score === "number" && [
      interval.bar(name, score, low, high),
      el("output", {}, interval.within(score, low, high)),
    ],
    el(
      "div",
      { class: "basis small quiet" },
      typeof found.confidence === "number" &&
        el("span", {}, t("rating.confidence", { percent: number(found.confidence * 100, 0) })),
      found.quote && quote(found, cursor),
      found.quote && typeof found.influence === "number" && el("span", {}, influence(found.influence)),
    ),
  );
}

function quote(found, cursor) {
  return el(
    "button",
    {
      type: "button",
      class: "quote",
      title: t(cursor.playable ? "player.quote" : "timeline.to_text"),
      onclick: () => {
        playFrom(cursor, found.start_s);
        cursor.dispatchEvent(new CustomEvent("read", { detail: found.start_s }));
      },
    },
    `“${found.quote}” ${clock(found.start_s)}`,
  );
}

function influence(points) {
  const whole = interval.halfUp(Math.abs(points));
  if (!whole) return t("rating.same");
  return t(`rating.${points > 0 ? "less" : "more"}${whole === 1 ? "_one" : ""}`, { n: number(whole, 0) });
}

function total({ total: value, total_low: low, total_high: high }) {
  if (typeof value !== "number") return null;
  const name = t("rating.total");
  return el(
    "div",
    { class: "score sum" },
    el("strong", {}, name),
    interval.bar(name, value, low, high),
    el("output", {}, interval.within(value, low, high)),
  );
}

function remarks(rating) {
  return [
    rating.analisis_llm &&
      el(
        "details",
        { open: true },
        el("summary", {}, t("rating.why")),
        el("p", { class: "text" }, rating.analisis_llm),
      ),
    rating.missing?.length > 0 && [
      el("p", { class: "group" }, t("rating.missing")),
      el(
        "ul",
        {},
        rating.missing.map((point) => el("li", {}, point)),
      ),
    ],
    rating.follow_up_question && [
      el("p", { class: "group" }, t("rating.ask")),
      el("blockquote", {}, rating.follow_up_question),
    ],
  ];
}

function doubts(result, rating) {
  const judge = result.provenance?.judge ?? {};
  return [
    judge.backend === "rules" && el("p", { class: "warn small" }, t("rating.rules")),
    judge.samples > 0 && el("p", { class: "quiet small" }, t("rating.samples", { n: judge.samples })),
    typeof rating.confidence_score === "number" &&
      el("p", { class: "quiet small" }, t("rating.confidence", { percent: number(rating.confidence_score, 0) })),
  ];
}
