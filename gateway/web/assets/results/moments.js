// A moment of an answer, told to all panels that show it.

import { clock, el } from "../dom.js";
import { t } from "../i18n.js";

// Moves the timeline to a time, and plays from there where there is a recording.
export function playFrom(cursor, time_s) {
  cursor.dispatchEvent(new CustomEvent("go", { detail: time_s }));
  cursor.dispatchEvent(new CustomEvent("play", { detail: time_s }));
}

// A button that plays from a time; nothing without a recording.
export function playButton(cursor, time_s) {
  if (!cursor?.playable || typeof time_s !== "number") return null;
  return el(
    "button",
    { type: "button", class: "small", onclick: () => playFrom(cursor, time_s) },
    `▶ ${t("player.from", { time: clock(time_s) })}`,
  );
}
