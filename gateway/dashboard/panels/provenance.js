// Which models and programs made this result.

import { el, tree } from "../dom.js";

export function provenancePanel(result) {
  const parts = [["Session", result.metadata], ["Models", result.provenance], ["Quality", result.quality]];
  (result.content ?? []).forEach((item, index) => {
    parts.push([`Answer ${index + 1}`, item.result?.metadata], [`Answer ${index + 1}, models`, item.result?.provenance]);
    parts.push([`Answer ${index + 1}, quality`, item.result?.quality]);
  });
  const known = parts.filter(([, value]) => value && typeof value === "object" && Object.keys(value).length);
  if (!known.length) return null;
  return el("section", { class: "card", "aria-labelledby": "made" }, el("h2", { id: "made" }, "How this was made"),
    known.map(([title, value]) => el("details", { open: title === "Models" }, el("summary", {}, title), tree(value))));
}
