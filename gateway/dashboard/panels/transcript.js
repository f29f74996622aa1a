// What was said, in both languages.

import { clock, el, number } from "../dom.js";

const UNSURE = 0.5; // words under this probability are marked

export function transcriptPanel(result) {
  const english = result.transkripsi_en, indonesian = result.transkripsi_id;
  const segments = result.evidence?.transcript?.segments ?? [];
  if (!english && !indonesian && !segments.length) return null;
  return el("section", {}, el("h3", {}, "Transcript"),
    el("div", { class: "columns" }, column("English", english, "en"), column("Indonesian", indonesian, "id")),
    typeof result.transkripsi_confidence === "number"
      && el("p", { class: "quiet small" }, `Confidence ${number(result.transkripsi_confidence)} %`),
    segments.some((segment) => segment.words?.length) && el("details", {},
      el("summary", {}, "With times"), segments.map(timed)));
}

function column(title, text, language) {
  return text && el("div", {}, el("span", { class: "quiet small" }, title), el("p", { class: "text", lang: language }, text));
}

function timed(segment) {
  const start = segment.start_s ?? segment.span?.start_s;
  return el("p", {}, el("code", {}, clock(start)), " ", (segment.words ?? []).map((word) => [
    el("span", {
      class: word.probability < UNSURE ? "unsure" : undefined,
      title: typeof word.probability === "number" ? `${number(word.probability * 100, 0)} % sure` : undefined,
    }, (word.text ?? word.word ?? "").trim()), " "]));
}
