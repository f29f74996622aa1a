// What was said, in both languages.

import { clock, el, number } from "../dom.js";

const UNSURE = 0.5; // words under this probability are marked

const FORMATS = [["vtt", "WebVTT"], ["srt", "SRT"], ["txt", "Text"]];

// `href` is the address of the transcript without its ending.
export function transcriptPanel(result, href) {
  const english = result.transkripsi_en, indonesian = result.transkripsi_id;
  const segments = result.evidence?.transcript?.segments ?? [];
  if (!english && !indonesian && !segments.length) return null;
  return el("section", {}, el("h3", {}, "Transcript"),
    el("div", { class: "columns" }, column("English", english, "en"), column("Indonesian", indonesian, "id")),
    el("p", { class: "quiet small" }, sureness(result), "Download: ",
      FORMATS.map(([ending, name]) => [el("a", { href: `${href}.${ending}`, download: "" }, name), " "])),
    dropped(result.evidence?.transcript?.dropped ?? []),
    segments.some((segment) => segment.words?.length) && el("details", {},
      el("summary", {}, "With times"), segments.map(timed)));
}

function sureness(result) {
  const expected = result.transkripsi_calibrated_confidence, probability = result.transkripsi_word_confidence;
  if (typeof expected === "number") return `About ${number(expected, 0)} % of the words should be right. `;
  return typeof probability === "number" ? `Mean word probability ${number(probability, 0)} %. ` : null;
}

function dropped(spans) {
  if (!spans.length) return null;
  const listed = spans.map((span) => `${clock(span.start_s)} to ${clock(span.end_s)} (${span.reason.replaceAll("_", " ")})`);
  return el("p", { class: "warn small" }, `Left out: ${listed.join(", ")}`);
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
