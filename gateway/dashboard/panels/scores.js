// The judge's ratings of one answer.

import { el, number } from "../dom.js";

const CRITERIA = [["kualitas_jawaban", "Quality"], ["relevansi", "Relevance"], ["koherensi", "Coherence"], ["total", "Total"]];

export function scoresPanel(result) {
  const rating = result.penilaian ?? {};
  const known = CRITERIA.filter(([key]) => typeof rating[key] === "number");
  if (!known.length) return null;
  return el("section", {}, el("h3", {}, "Rating"),
    known.map(([key, label]) => el("div", { class: "score" },
      el("span", {}, label),
      el("meter", { min: 0, max: 100, low: 50, high: 70, optimum: 100, value: rating[key], "aria-label": label }),
      el("output", {}, number(rating[key], 0)))),
    rating.analisis_llm && el("p", { class: "text" }, rating.analisis_llm),
    el("p", { class: "quiet small" }, `Confidence ${number(rating.confidence_score)} %`,
      rating.logprobs_available === false ? " · without token probabilities" : ""));
}
