// How groups of candidates fare in a job; `?job=` names it.

import * as api from "./api.js";
import { el, fill, moment, number } from "./dom.js";
import "./header.js";
import { language, t } from "./i18n.js";

const MEASURES = ["decision", "proposal", "score"];
const root = document.getElementById("impact");
const id = new URLSearchParams(location.search).get("job") ?? "";
const back = el("a", { href: `/job.html?${new URLSearchParams({ job: id })}` }, t("impact.back"));

document.title = `${t("impact.title")} · Interview Assessment System`;
api
  .impact(id)
  .then(show)
  .catch((error) => fill(root, back, el("p", { class: "problem", role: "alert" }, error.message)));

function show(report) {
  const called = titles(report);
  fill(
    root,
    back,
    el("h1", {}, t("impact.title")),
    el("p", { class: "lead" }, report.title),
    el(
      "p",
      {},
      t("impact.counted", { ...report, disclosed: whole(report.disclosed), when: moment(report.create_time) }),
    ),
    report.kept && el("p", { class: "warn" }, t("impact.kept")),
    el("p", { class: "quiet small" }, t("impact.source")),
    el("div", { class: "actions" }, file("csv"), file("pdf")),
    report.tables.map((each) => section(each, called)),
    el("p", { class: "quiet small" }, t("impact.hidden", { n: report.hidden_below })),
    el("p", { class: "quiet small" }, t("impact.meaning")),
  );
}

function section(table, called) {
  const title = table.characteristics.map((name) => called.get(name)).join(" × ");
  return el(
    "section",
    { class: "card" },
    el("h2", {}, title),
    MEASURES.map((measure) => rates(table, measure, called)),
    el("p", { class: "small" }, t("impact.unknown", { n: whole(table.unknown) })),
  );
}

function rates(table, measure, called) {
  const heads = ["group", "n", `wanted_${measure}`, "rate", "ratio", "p"];
  return el(
    "div",
    { class: "scroll", tabindex: "0" },
    el(
      "table",
      {},
      el("caption", {}, t(`impact.${measure}`)),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          heads.map((key) => el("th", { scope: "col", class: key === "group" ? "" : "end" }, t(`impact.${key}`))),
        ),
      ),
      el(
        "tbody",
        {},
        table.groups.map((group) => row(table, group, group[measure], called)),
      ),
    ),
  );
}

function row(table, group, rate, called) {
  const name = group.categories.map((category, place) => called.get(`${table.characteristics[place]}.${category}`));
  const ratio = rate.below_four_fifths
    ? el("span", { class: "warn" }, t("impact.below", { ratio: number(rate.impact_ratio) }))
    : number(rate.impact_ratio);
  const cells = [whole(rate.people), whole(rate.wanted), share(rate.rate), ratio, chance(rate.fisher_p)];
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name.join(" × ")),
    cells.map((cell) => el("td", { class: "end" }, cell)),
  );
}

function titles(report) {
  const found = new Map();
  for (const each of report.characteristics) {
    found.set(each.name, each[`title_${language}`]);
    for (const category of each.categories) found.set(`${each.name}.${category.name}`, category[`title_${language}`]);
  }
  return found;
}

function file(ending) {
  const address = api.impactFile(id, ending, language);
  return el("a", { class: "button", href: address, download: "" }, ending.toUpperCase());
}

function whole(value) {
  return value === null ? "–" : String(value);
}

function chance(value) {
  return value !== null && value < 0.001 ? "< 0.001" : number(value, 3);
}

function share(value) {
  return value === null ? "–" : `${number(100 * value, 1)} %`;
}
