// Speech, face and eyes in numbers.

import { el, facts, number, withUnit } from "../dom.js";

export function measuresPanel(result) {
  const all = result.non_verbal_analysis ?? {};
  const groups = [speech(all.speech_analysis ?? {}), eyes(all.eye_movement_analysis ?? {}), face(all.facial_expression_analysis ?? {})]
    .filter(([, list]) => list);
  if (!groups.length) return null;
  const score = result.non_verbal_confidence_score;
  return el("section", {}, el("h3", {}, typeof score === "number" ? `Measurements · score ${number(score)}` : "Measurements"),
    el("div", { class: "columns" }, groups.map(([title, list]) => el("div", {}, el("p", { class: "quiet small" }, title), list))));
}

function speech(values) {
  return ["Speech", facts([
    ["Length", withUnit(values.total_duration_seconds, "s")],
    ["Speaking", withUnit(values.speaking_time_seconds, "s")],
    ["Silence", withUnit(values.silence_time_seconds, "s")],
    ["Pauses", withUnit(values.number_of_pauses, "")],
    ["Rate", withUnit(values.speech_rate_wpm, "words/min", 0)],
    ["Speaking ratio", withUnit(values.speaking_ratio, "")],
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
