// One candidate's answer to a question, beside the others': scores, what they rest on, findings, what was said, and what
// was recorded where it is kept.

import { badge, clock, el } from "../dom.js";
import { t } from "../i18n.js";
import { GAZE, findingName } from "../results/findings.js";
import * as interval from "../results/interval.js";
import { playFrom } from "../results/moments.js";
import { playerPanel } from "../results/player.js";
import { spokenWords } from "../results/spoken.js";
import { criterionName } from "./criteria.js";
import { sessionPage } from "./row.js";
import { similarOf } from "./similar.js";

const KINDS = { review: "warn", serious: "bad" };

export function side({ id, result, similar, session, plays }, answer) {
  const playback = plays && session?.answers?.[answer?.index]?.playback;
  const play = (cursor) => playerPanel(id, answer.index, playback, answer.result, cursor, result.name);
  return el(
    "div",
    {},
    el("h3", {}, el("a", { href: `${sessionPage(id)}${answer ? `#answer-${answer.index}` : ""}` }, result.name)),
    answer
      ? [answered(answer.result, play), similarOf(similar, answer.index, result)]
      : el("p", { class: "quiet" }, t("compare.not_asked")),
  );
}

function answered(result, play) {
  if (result.error)
    return el("p", { class: "problem" }, `${t("result.failed")} `, el("span", { lang: "en" }, result.error.message));
  const cursor = new EventTarget();
  const player = play(cursor); // before what asks whether it can be played
  return [scores(result), player, quotes(result, cursor), findings(result, cursor), transcript(result, cursor)];
}

function scores(result) {
  const rating = result.penilaian ?? {};
  const rated = (result.evidence?.ratings ?? []).filter(({ score }) => typeof score === "number");
  if (typeof rating.total !== "number")
    return el("p", { class: "warn" }, el("strong", {}, t("rating.by_hand")), ` ${rating.not_scored_reason ?? ""}`);
  return [
    rated.map(({ criterion, score, low, high }) => line(criterionName(criterion), score, low, high)),
    line(t("rating.total"), rating.total, rating.total_low, rating.total_high, "sum"),
  ];
}

function line(name, value, low, high, kind = "") {
  return el(
    "div",
    { class: `score small ${kind}` },
    el("span", {}, name),
    interval.bar(name, value, low, high),
    el("output", {}, interval.within(value, low, high)),
  );
}

function quotes(result, cursor) {
  const quoted = (result.evidence?.ratings ?? []).filter(({ quote }) => quote);
  if (!quoted.length) return null;
  const texts = new Map(quoted.map((rating) => [rating.quote, rating])); // one sentence may carry several criteria
  return [
    el("p", { class: "group small" }, t("compare.quotes")),
    [...texts.values()].map((rating) =>
      el(
        "blockquote",
        { class: "small", lang: result.evidence.transcript?.language },
        cursor.playable
          ? button(`“${rating.quote}” ${clock(rating.start_s)}`, rating.start_s, cursor, "quote")
          : [`“${rating.quote}” `, el("span", { class: "quiet" }, clock(rating.start_s))],
      ),
    ),
  ];
}

// Plays from a time.
function button(text, time_s, cursor, kind) {
  const title = t("player.quote");
  return el("button", { type: "button", class: kind, title, onclick: () => playFrom(cursor, time_s) }, text);
}

function findings(result, cursor) {
  const found = (result.evidence?.findings ?? []).toSorted((a, b) => a.start_s - b.start_s);
  return [
    el("p", { class: "group small" }, t("compare.findings")),
    !found.length && el("p", { class: "quiet small" }, t("findings.none")),
    el(
      "ul",
      { class: "small", hidden: !found.length },
      found.map((finding) =>
        el(
          "li",
          {},
          `${findingName(finding)} `,
          cursor.playable ? button(clock(finding.start_s), finding.start_s, cursor, "time") : clock(finding.start_s),
          " ",
          badge(t(`severity.${finding.severity}`), KINDS[finding.severity] ?? ""),
        ),
      ),
    ),
    found.some(({ type }) => GAZE.has(type)) && el("p", { class: "quiet small" }, t("compare.gaze")),
  ];
}

function transcript(result, cursor) {
  const heard = result.evidence?.transcript;
  if (!heard) return null;
  return el(
    "details",
    { class: "small" },
    el("summary", {}, t("transcript.title")),
    heard.segments?.length ? spokenWords(heard, cursor) : el("p", { class: "quiet" }, t("transcript.nothing")),
  );
}
