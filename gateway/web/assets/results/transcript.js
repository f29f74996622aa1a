// What was said, in both languages side by side, with times, doubts and a search.

import { clock, el, fill, number } from "../dom.js";
import { t } from "../i18n.js";
import { spokenWords } from "./spoken.js";

const FORMATS = [
  ["vtt", "WebVTT"],
  ["srt", "SRT"],
  ["txt", "TXT"],
];

// `href` is the address of the transcript without its ending; `cursor` tells and hears of moments; `player` stands beside
// it where there is one; `translated` gives what stands beside the words, and fills an element with the translation.
export function transcriptPanel(result, href, cursor, player, translated) {
  const heard = result.evidence?.transcript;
  if (!heard) return null;
  const other = heard.language === "id" ? "en" : "id";
  const spoken = spokenWords(heard, cursor);
  const reading = el("p", { class: "text", lang: other });
  cursor.addEventListener("read", (event) => show(spoken, event.detail));
  return el(
    "section",
    { class: cursor.playable && "with-player" },
    el("div", { class: "between" }, el("h3", {}, t("transcript.title")), search(spoken, reading)),
    player,
    el(
      "div",
      { class: "columns" },
      el(
        "div",
        {},
        el("p", { class: "quiet small" }, t("transcript.spoken", { language: languages(heard) })),
        heard.segments?.length ? spoken : el("p", { class: "quiet" }, t("transcript.nothing")),
      ),
      el(
        "div",
        {},
        el("p", { class: "quiet small" }, t("transcript.translated", { language: t(`language.${other}`) })),
        reading,
        translated(reading),
      ),
    ),
    notes(result, heard),
    el(
      "p",
      { class: "small" },
      `${t("transcript.download")}: `,
      FORMATS.map(([ending, name]) => [el("a", { href: `${href}.${ending}`, download: "" }, name), " "]),
    ),
  );
}

// One language by its name; several with their shares of the words.
function languages(heard) {
  const shares = heard.languages ?? [];
  if (shares.length < 2) return t(`language.${heard.language}`);
  return shares.map((share) => `${t(`language.${share.language}`)} ${number(share.percent, 0)} %`).join(", ");
}

function show(spoken, time_s) {
  const words = [...spoken.querySelectorAll(".word")];
  const word = words.findLast((node) => Number(node.dataset.at) <= time_s + 0.05) ?? words[0];
  if (!word) return;
  for (const node of spoken.querySelectorAll(".here")) node.classList.remove("here");
  for (const node of words.slice(words.indexOf(word), words.indexOf(word) + 6)) node.classList.add("here");
  word.scrollIntoView({
    block: "center",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

function search(spoken, reading) {
  const count = el("span", { class: "quiet small", role: "status" });
  const box = el("input", {
    type: "search",
    "aria-label": t("transcript.search"),
    placeholder: t("transcript.search"),
    oninput: () => {
      const wanted = box.value.trim().toLowerCase();
      let found = 0;
      for (const word of spoken.querySelectorAll(".word")) {
        const hit = wanted !== "" && word.textContent.toLowerCase().includes(wanted);
        word.classList.toggle("hit", hit);
        found += hit;
      }
      found += mark(reading, reading.textContent, wanted);
      count.textContent = wanted ? t("transcript.found", { n: found }) : "";
    },
  });
  return el("span", { class: "search" }, box, count);
}

function mark(node, text, wanted) {
  const parts = [];
  const lower = text.toLowerCase();
  let at = 0;
  for (let hit = wanted ? lower.indexOf(wanted) : -1; hit >= 0; hit = lower.indexOf(wanted, at)) {
    parts.push(text.slice(at, hit), el("mark", {}, text.slice(hit, hit + wanted.length)));
    at = hit + wanted.length;
  }
  fill(node, parts, text.slice(at));
  return parts.length / 2;
}

function notes(result, heard) {
  const expected = result.transkripsi_calibrated_confidence,
    probability = result.transkripsi_word_confidence;
  const dropped = (heard.dropped ?? []).map(
    (span) => `${clock(span.start_s)}–${clock(span.end_s)} (${span.reason.replaceAll("_", " ")})`,
  );
  return [
    el(
      "p",
      { class: "quiet small" },
      typeof expected === "number"
        ? `${t("transcript.sure", { percent: number(expected, 0) })} `
        : typeof probability === "number" && `${t("transcript.probability", { percent: number(probability, 0) })} `,
      t("transcript.unsure"),
    ),
    dropped.length > 0 && el("p", { class: "warn small" }, t("transcript.left_out", { what: dropped.join(", ") })),
  ];
}
