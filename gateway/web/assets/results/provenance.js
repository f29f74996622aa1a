// Which models and programs made this result.

import { el, tree } from "../dom.js";
import { t } from "../i18n.js";

export function provenancePanel(result) {
  const parts = [[t("made.session"), result.metadata]];
  (result.content ?? []).forEach((item, index) => {
    const title = t("made.answer", { n: index + 1 });
    parts.push(
      [`${title}: ${t("made.models")}`, item.result?.provenance],
      [`${title}: ${t("made.quality")}`, item.result?.quality],
    );
  });
  const shown = parts.filter(([, value]) => value && typeof value === "object" && Object.keys(value).length);
  return el(
    "section",
    { class: "card", "aria-labelledby": "made" },
    el("h2", { id: "made" }, t("made.title")),
    shown.map(([title, value]) => el("details", {}, el("summary", {}, title), tree(value))),
  );
}
