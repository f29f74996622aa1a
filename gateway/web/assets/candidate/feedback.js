// What a candidate finds under their link afterwards: their letter, and how to object to a decision.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

const root = document.getElementById("invitation");

// Shows it, or says no to where nothing is kept under the link.
export async function feedback(token) {
  draw(token, await api.feedback(token));
}

function draw(token, found) {
  fill(
    root,
    el("p", { class: "lead", role: "status" }, t("candidate.used")),
    found.letter ? letterOf(found.letter) : el("p", {}, t("feedback.no_letter")),
    objecting(token, found),
  );
}

function letterOf(letter) {
  const paragraphs = letter.text.split("\n\n").filter((part) => part.trim());
  return el(
    "article",
    { class: "card letter", lang: letter.language, "aria-labelledby": "letter" },
    el("h2", { id: "letter" }, t("feedback.letter")),
    el("p", { class: "quiet small" }, t("feedback.sent", { name: letter.sender, when: moment(letter.send_time) })),
    paragraphs.map((part) => el("p", {}, part.trim())),
    el("div", { class: "actions" }, el("button", { type: "button", onclick: () => print() }, t("feedback.print"))),
  );
}

function objecting(token, found) {
  const said = el("p", { class: "problem", role: "alert" });
  return el(
    "section",
    { class: "card", "aria-labelledby": "objection" },
    el("h2", { id: "objection" }, t("feedback.object")),
    el("p", { role: "status" }, t(`feedback.state.${state(found)}`)),
    found.objection && el("blockquote", {}, found.objection),
    found.state === "decided" && form(token, said),
    said,
  );
}

function state(found) {
  if (found.state === "decided" && found.objection) return "answered";
  return found.state;
}

function form(token, said) {
  const text = el("textarea", { rows: "6", maxlength: "4000", required: true });
  const send = async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      draw(token, await api.objectUnder(token, text.value.trim()));
    } catch (error) {
      said.textContent = error.message;
    }
  };
  return el(
    "form",
    { onsubmit: send },
    el("label", { class: "field" }, t("feedback.objection"), text),
    el("p", { class: "quiet small" }, t("feedback.help")),
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("feedback.send"))),
  );
}
