// What is said of a session that is not there: that it was deleted, when and why; or that there never was one.

import * as api from "../api.js";
import { el, moment } from "../dom.js";
import { t } from "../i18n.js";

// One sentence about a session that cannot be shown; nothing where it is there.
export async function goneWords(id) {
  const there = await api.whereabouts(id);
  if (there.state === "deleted") return deletedWords(there.receipt);
  return there.state === "unknown" ? t("gone.unknown") : "";
}

function deletedWords(receipt) {
  if (!receipt) return t("gone.deleted");
  const why = receipt.reason === "retention" ? "gone.retention" : "gone.request";
  return t(why, { when: moment(receipt.deleted_at) });
}

// A page about it: heading, words, and its receipt. Nothing where the session is there.
export async function gonePage(id) {
  const there = id ? await api.whereabouts(id) : { state: "unknown" };
  if (there.state === "there") return null;
  const deleted = there.state === "deleted";
  return [
    el("h1", {}, t(deleted ? "gone.deleted_title" : "gone.unknown_title")),
    el("p", { class: "lead" }, deleted ? deletedWords(there.receipt) : t("gone.unknown")),
    there.receipt &&
      el(
        "p",
        {},
        el("a", { href: api.receiptUrl(id), download: `receipt-${id}.json` }, t("gone.receipt")),
        el("span", { class: "quiet small" }, ` ${t("gone.receipt_note")}`),
      ),
    el("a", { class: "button primary", href: "/sessions.html" }, t("gone.sessions")),
  ];
}
