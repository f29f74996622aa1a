// The session as a whole: a radar of the mean scores with the same figures as a table, and the summary.

import { el } from "../dom.js";
import { language, t } from "../i18n.js";
import { verdictBadge } from "./findings.js";
import { FINAL_DIGITS, score } from "./interval.js";

export function aggregatePanel(result) {
  const llm = result.llm_results ?? {};
  const verdict = result.aggregate_cheating_detection?.final_aggregate_verdict;
  const scores = axes(result).filter(([, value]) => typeof value === "number");
  return el(
    "section",
    { class: "card", "aria-labelledby": "overall" },
    el(
      "div",
      { class: "between" },
      el("h2", { id: "overall" }, t("overall.title")),
      el("span", {}, `${t("verdict.title")}: `, verdictBadge(verdict)),
    ),
    el(
      "div",
      { class: "overview" },
      scores.length > 2 && radar(scores),
      figures(scores, llm, result.decision_proposal ?? {}),
    ),
    llm.kesimpulan_llm && [el("h3", {}, t("overall.summary")), el("p", { class: "text" }, llm.kesimpulan_llm)],
  );
}

function axes(result) {
  const mean = (key) => {
    const known = (result.content ?? [])
      .map((item) => item.result?.penilaian?.[key])
      .filter((value) => typeof value === "number");
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  };
  const heard = (result.content ?? [])
    .map((item) => item.result?.transkripsi_word_confidence)
    .filter((value) => typeof value === "number");
  return [
    [t("overall.quality"), mean("kualitas_jawaban")],
    [t("overall.relevance"), mean("relevansi")],
    [t("overall.coherence"), mean("koherensi")],
    [t("overall.non_verbal"), result.aggregate_non_verbal_analysis?.overall_confidence_score],
    [t("overall.words"), heard.length ? heard.reduce((sum, value) => sum + value, 0) / heard.length : null],
  ];
}

// The final score is the proposal's total: here, there and in the report the same figure, to one digit.
function figures(scores, llm, proposal) {
  const rows = [
    ...scores,
    [t("overall.total"), proposal.interview_score, FINAL_DIGITS],
    [t("overall.final"), proposal.total, FINAL_DIGITS],
    [`${t("overall.confidence")}, %`, llm.rata_rata_confidence_score],
  ];
  return el(
    "table",
    {},
    el("caption", {}, t("overall.scores")),
    el(
      "tbody",
      {},
      rows
        .filter(([, value]) => typeof value === "number")
        .map(([name, value, digits = 0]) =>
          el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, score(value, digits))),
        ),
    ),
  );
}

// Chart.js is loaded as a script of its own: it is no module.
function radar(scores) {
  const canvas = el("canvas", { role: "img", "aria-label": t("overall.radar") });
  const colours = getComputedStyle(document.documentElement);
  const ink = colours.getPropertyValue("--quiet"),
    line = colours.getPropertyValue("--line"),
    accent = colours.getPropertyValue("--accent");
  const draw = () =>
    new window.Chart(canvas, {
      type: "radar",
      data: {
        labels: scores.map(([name]) => name),
        datasets: [
          {
            data: scores.map(([, value]) => value),
            borderColor: accent,
            backgroundColor: `color-mix(in srgb, ${accent} 20%, transparent)`,
            pointBackgroundColor: accent,
          },
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        layout: { padding: 8 },
        locale: language,
        plugins: { legend: { display: false } },
        scales: {
          r: {
            min: 0,
            max: 100,
            ticks: { stepSize: 25, color: ink, backdropColor: "transparent" },
            grid: { color: line },
            angleLines: { color: line },
            pointLabels: { color: ink, font: { size: 13 } },
          },
        },
      },
    });
  requestAnimationFrame(draw);
  return el("div", { class: "radar" }, canvas);
}
