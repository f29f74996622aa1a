// Speech, face and eyes in numbers.

import { el, facts, number, withUnit } from "../dom.js";

export function measuresPanel(result) {
  const all = result.non_verbal_analysis ?? {};
  const groups = [speech(all.speech_analysis ?? {}, result.quality ?? {}), eyes(all.eye_movement_analysis ?? {}), face(all.facial_expression_analysis ?? {})]
    .filter(([, list]) => list);
  if (!groups.length) return null;
  const score = result.non_verbal_confidence_score;
  return el("section", {}, el("h3", {}, typeof score === "number" ? `Measurements · score ${number(score)}` : "Measurements"),
    el("div", { class: "columns" }, groups.map(([title, list]) => el("div", {}, el("p", { class: "quiet small" }, title), list))));
}

function speech(values, quality) {
  return ["Speech", facts([
    ["Length", withUnit(values.total_duration_seconds, "s")],
    ["Speaking", withUnit(values.speaking_time_seconds, "s")],
    ["Silence", withUnit(values.silence_time_seconds, "s")],
    ["Pauses", withUnit(values.number_of_pauses, "")],
    ["Rate while speaking", withUnit(values.speech_rate_wpm, "words/min", 0)],
    ["Rate over all", withUnit(values.speech_rate_over_total_wpm, "words/min", 0)],
    ["Articulation", withUnit(values.articulation_rate, "syllables/s", 1)],
    ["Filler words heard", withUnit(values.filler_word_count, "")],
    ["Starts after", withUnit(values.response_latency_seconds, "s", 1)],
    ["Speaking ratio", withUnit(values.speaking_ratio, "")],
    ["Louder than silence", withUnit(values.nonsilent_ratio, "")],
    ["Loudness", withUnit(quality.integrated_loudness_lufs, "LUFS", 0)],
    ["Above the noise", withUnit(quality.snr_db, "dB", 0)],
    ["Overdriven", withUnit(quality.clipping_percent, "% of samples", 2)],
  ])];
}

function eyes(values) {
  return ["Eyes", facts([
    ["Blinks", withUnit(values.total_blinks, "")],
    ["Blink rate", withUnit(values.blink_rate_per_minute, "/min", 1)],
    ["Facing the camera", withUnit(values.eye_contact_percentage, "%", 1)],
    ["Gaze stability", withUnit(values.gaze_stability, "", 3)],
  ])];
}

function face(values) {
  return ["Face", facts([
    ["Face found", withUnit(values.face_detected_percentage, "% of frames", 1)],
    ["Frames", withUnit(values.total_frames_analyzed, "")],
    ["Mouth-corner lift", withUnit(values.average_smile_intensity, "", 4)],
    ["Eyebrow range", withUnit(values.eyebrow_movement_range, "", 4)],
  ])];
}
