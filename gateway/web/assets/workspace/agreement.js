// Scorecards side by side, and how far people and machine agree.

import { el, moment, number } from "../dom.js";
import { t } from "../i18n.js";
import { score } from "../results/interval.js";
import { outcome } from "../results/proposal.js";
import { criterionName } from "./criteria.js";

export function agreementPanel({ scorecards, people, machine, rated }, session, result) {
  return el(
    "section",
    { class: "card", "aria-labelledby": "scorecards" },
    el("h2", { id: "scorecards" }, t("scorecard.title")),
    !rated && el("p", { class: "quiet small" }, t("scorecard.not_hidden")),
    scorecards.length
      ? [
          el("p", {}, agreed("scorecard.people", "scorecard.people_none", people)),
          el("p", {}, agreed("scorecard.machine", "scorecard.machine_none", machine)),
          table(scorecards, session, result),
          scorecards.map(reason),
        ]
      : el("p", { class: "quiet" }, t("scorecard.nobody")),
  );
}

function agreed(key, none, { compared, same, near }) {
  if (!compared) return t(none);
  return t(key, { same: number(same, 0), near: number(near, 0), n: number(compared, 0) });
}

function table(scorecards, session, result) {
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": t("scorecard.table") },
    el(
      "table",
      {},
      el("caption", {}, t("scorecard.caption")),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, t("scorecard.criterion")),
          scorecards.map(({ author }) =>
            el("th", { scope: "col", class: "end" }, t("scorecard.of_5", { name: author })),
          ),
          el("th", { scope: "col", class: "end" }, t("scorecard.of_100")),
        ),
      ),
      byAnswer(scorecards[0].ratings).map(([index, rows]) =>
        el(
          "tbody",
          {},
          asked(index, session, scorecards.length + 2),
          rows.map((row) => line(row, scorecards, result)),
        ),
      ),
    ),
  );
}

// Ratings in the order of the answers: [place, those of the answer] each.
function byAnswer(ratings) {
  const places = new Set(ratings.map((each) => each.answer_index));
  return [...places]
    .toSorted((a, b) => a - b)
    .map((index) => [index, ratings.filter((each) => each.answer_index === index)]);
}

function asked(index, session, columns) {
  const question = session.answers[index]?.question ?? "";
  const text = `${t("result.answer", { n: index + 1 })}: ${question}`;
  return el("tr", {}, el("th", { scope: "rowgroup", colSpan: columns, class: "quiet small" }, text));
}

function line({ answer_index: index, criterion }, scorecards, result) {
  const mine = (each) => each.answer_index === index && each.criterion === criterion;
  const scored = result.content?.[index]?.result?.evidence?.ratings?.find((each) => each.criterion === criterion);
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, criterionName(criterion)),
    scorecards.map(({ ratings }) => el("td", { class: "end" }, number(ratings.find(mine)?.rating, 0))),
    el("td", { class: "end" }, score(scored?.score)),
  );
}

function reason(card) {
  return el(
    "p",
    {},
    outcome(card.recommendation),
    " ",
    el("strong", {}, `${card.author}: `),
    card.reason,
    " ",
    el("span", { class: "quiet small" }, moment(card.create_time)),
  );
}
