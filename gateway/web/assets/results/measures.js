// Speech, face and eyes in numbers.

import { el, facts, number, withUnit, words } from "../dom.js";
import { known, t } from "../i18n.js";
import { score as whole } from "./interval.js";

export function measuresPanel(result) {
  const all = result.non_verbal_analysis ?? {};
  const groups = [
    speech(all.speech_analysis ?? {}, result.quality ?? {}),
    eyes(all.eye_movement_analysis ?? {}),
    face(all.facial_expression_analysis ?? {}),
  ].filter(([, list]) => list);
  if (!groups.length) return null;
  const score = result.non_verbal_confidence ?? {};
  return el(
    "section",
    {},
    el("h3", {}, t("measures.title")),
    el("p", { class: "quiet small" }, t("measures.note")),
    el(
      "div",
      { class: "columns" },
      groups.map(([title, list]) => el("div", {}, el("p", { class: "group" }, title), list)),
    ),
    typeof score.score === "number" ? terms(score) : el("p", { class: "quiet small" }, t("measures.off")),
  );
}

// What the terms of the score are called among the measures.
const SHORT = {
  speech_rate_wpm: "rate",
  speaking_ratio: "ratio",
  blink_rate_per_minute: "blink_rate",
  eye_contact_percentage: "eye_contact",
  head_movement_intensity: "head",
  average_smile_intensity: "smile",
  eyebrow_movement_range: "eyebrows",
};

function terms(score) {
  const named = (key) => {
    const short = `m.${SHORT[key]}`;
    return known(short) ? t(short) : words(key);
  };
  return el(
    "details",
    {},
    el(
      "summary",
      {},
      t("measures.score", { score: whole(score.score), low: whole(score.low), high: whole(score.high) }),
    ),
    facts(Object.entries(score.terms ?? {}).map(([key, value]) => [named(key), number(value, 1)])),
  );
}

function speech(values, quality) {
  return [
    t("measures.speech"),
    facts([
      [t("m.length"), withUnit(values.total_duration_seconds, "s")],
      [t("m.speaking"), withUnit(values.speaking_time_seconds, "s")],
      [t("m.silence"), withUnit(values.silence_time_seconds, "s")],
      [t("m.pauses"), withUnit(values.number_of_pauses, "")],
      [t("m.rate"), withUnit(values.speech_rate_wpm, t("unit.wpm"), 0)],
      [t("m.rate_all"), withUnit(values.speech_rate_over_total_wpm, t("unit.wpm"), 0)],
      [t("m.articulation"), withUnit(values.articulation_rate, t("unit.syllables"), 1)],
      [t("m.fillers"), withUnit(values.filler_word_count, "")],
      [t("m.latency"), withUnit(values.response_latency_seconds, "s", 1)],
      [t("m.ratio"), withUnit(values.speaking_ratio, "")],
      [t("m.nonsilent"), withUnit(values.nonsilent_ratio, "")],
      [t("m.loudness"), withUnit(quality.integrated_loudness_lufs, "LUFS", 0)],
      [t("m.snr"), withUnit(quality.snr_db, "dB", 0)],
      [t("m.clipping"), withUnit(quality.clipping_percent, t("unit.samples"), 2)],
    ]),
  ];
}

function eyes(values) {
  return [
    t("measures.eyes"),
    facts([
      [t("m.blinks"), withUnit(values.total_blinks, "")],
      [t("m.blink_rate"), withUnit(values.blink_rate_per_minute, t("unit.per_minute"), 1)],
      [t("m.eye_contact"), withUnit(values.eye_contact_percentage, "%", 1)],
      [t("m.stability"), withUnit(values.gaze_stability, "", 3)],
    ]),
  ];
}

function face(values) {
  return [
    t("measures.face"),
    facts([
      [t("m.face_found"), withUnit(values.face_detected_percentage, t("unit.frames"), 1)],
      [t("m.frames"), withUnit(values.total_frames_analyzed, "")],
      [t("m.smile"), withUnit(values.average_smile_intensity, "", 4)],
      [t("m.eyebrows"), withUnit(values.eyebrow_movement_range, "", 4)],
      [t("m.head"), withUnit(values.head_movement_intensity, "", 3)],
    ]),
  ];
}
