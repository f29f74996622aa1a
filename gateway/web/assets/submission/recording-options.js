// What candidates may do while they record, and what their page notes.

import { el } from "../dom.js";
import { t } from "../i18n.js";

const SIGNALS = ["page_left", "second_screen", "paste", "device_change"]; // as the server has them

export class RecordingOptions {
  constructor() {
    this.audioOnly = el("input", { type: "checkbox", name: "audio_only" });
    this.signals = SIGNALS.map((name) => el("input", { type: "checkbox", name: "signals", value: name }));
    const offered = this.signals.map((box) => labelled(box, t(`signals.${box.value}`)));
    this.root = el(
      "div",
      { class: "questions" },
      labelled(this.audioOnly, t("signals.audio_only")),
      el(
        "fieldset",
        { class: "choices", "aria-describedby": "signals-help" },
        el("legend", {}, t("signals.title")),
        offered,
        el("p", { id: "signals-help", class: "quiet small" }, t("signals.help")),
      ),
    );
  }

  show({ audio_only = false, signals = [] }) {
    this.audioOnly.checked = audio_only;
    for (const box of this.signals) box.checked = signals.includes(box.value);
  }

  values() {
    const signals = this.signals.filter((box) => box.checked).map((box) => box.value);
    return { audio_only: this.audioOnly.checked, signals };
  }
}

function labelled(box, text) {
  return el("label", { class: "agree" }, box, el("span", {}, text));
}
