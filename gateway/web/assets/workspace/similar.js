// Nearly the same answer of two candidates, both quotes side by side. It is for information and counts nowhere.

import { badge, clock, el } from "../dom.js";
import { t } from "../i18n.js";
import { sessionPage } from "./row.js";

// A card of all of a session's; nothing where there are none.
export function similarPanel(found, result) {
  if (!found?.length) return null;
  return el(
    "section",
    { class: "card", "aria-labelledby": "similar" },
    el("h2", { id: "similar" }, `${t("similar.title")} `, badge(t("severity.info"))),
    el("p", { class: "quiet small" }, t("similar.lead")),
    found.map((pair) => [
      el(
        "h3",
        {},
        el("a", { href: `#answer-${pair.answer_index}` }, t("result.answer", { n: pair.answer_index + 1 })),
        `: ${result.content?.[pair.answer_index]?.question ?? ""}`,
      ),
      beside(pair, result),
    ]),
  );
}

// Of one answer, as one of the moments to look at.
export function similarOf(found, index, result) {
  const mine = (found ?? []).filter((pair) => pair.answer_index === index);
  if (!mine.length) return null;
  return el(
    "details",
    { class: "small" },
    el("summary", {}, `${t("similar.title")} `, badge(t("severity.info"))),
    el("p", { class: "quiet" }, t("similar.lead")),
    mine.map((pair) => beside(pair, result)),
  );
}

function beside(pair, result) {
  const language = result.content?.[pair.answer_index]?.result?.evidence?.transcript?.language;
  return el("div", { class: "beside" }, said(result.name, null, pair, language), said(...other(pair.other), language));
}

function other(there) {
  return [there.candidate_name, `${sessionPage(there.session_id)}#answer-${there.answer_index}`, there];
}

function said(name, href, { quote, start_s }, lang) {
  return el(
    "div",
    {},
    el("p", { class: "small" }, href ? el("a", { href }, name) : el("strong", {}, name)),
    el("blockquote", { class: "small", lang }, `“${quote}” `, el("span", { class: "quiet" }, clock(start_s))),
  );
}
