// Where recruiters make links under which candidates hand in by themselves.

import * as api from "./api.js";
import { el, fill, moment } from "./dom.js";
import { whoever } from "./header.js";
import { language, t } from "./i18n.js";
import { ChoicesPanel } from "./submission/choices.js";
import { GivenLinksPanel } from "./jobs/given-links.js";
import { QuestionsPanel } from "./submission/questions.js";
import { RecordingOptions } from "./submission/recording-options.js";

const DAYS = [1, 3, 7, 14, 30, 90],
  USUAL_DAYS = 3;

document.title = `${t("links.title")} · Interview Assessment System`;
const candidate = el("input", { name: "candidate", maxlength: "200", autocomplete: "off", required: true });
const spoken = el(
  "select",
  { name: "language" },
  ["en", "id"].map((code) => el("option", { value: code, selected: code === language }, t(`language.${code}`))),
);
const lasts = el(
  "select",
  { name: "lasts" },
  DAYS.map((days) =>
    el(
      "option",
      { value: String(days * 24), selected: days === USUAL_DAYS },
      days === 1 ? t("links.day") : t("links.days", { n: days }),
    ),
  ),
);
const questions = new QuestionsPanel(),
  choices = new ChoicesPanel(),
  recording = new RecordingOptions(),
  given = new GivenLinksPanel();
const pauses = el("input", { type: "number", name: "pauses", min: "0", max: "10", step: "1", value: "0" });
const problem = el("p", { class: "problem", role: "alert" });
const make = el("button", { type: "submit", class: "primary" }, t("links.make"));
const made = el("ol", { class: "videos" });
const links = el(
  "section",
  { class: "card", hidden: true, "aria-labelledby": "made" },
  el("h2", { id: "made" }, t("links.made")),
  el("p", { class: "quiet small" }, t("links.once")),
  made,
);

whoever.then((found) => (found && !api.may(found, "submit") ? refuse() : show()));

function refuse() {
  fill(document.getElementById("links"), el("p", { class: "lead", role: "status" }, t("links.may_not")));
}

function show() {
  fill(
    document.getElementById("links"),
    links,
    el(
      "form",
      {
        class: "card",
        novalidate: true,
        onsubmit: send,
        oninput: () => {
          problem.textContent = "";
        },
      },
      el(
        "div",
        { class: "row" },
        el("label", { class: "field" }, t("upload.candidate"), candidate),
        el("label", { class: "field" }, t("upload.language"), spoken),
      ),
      questions.root,
      el(
        "div",
        { class: "row" },
        choices.fields,
        el("label", { class: "field" }, t("links.pauses"), pauses),
        el("label", { class: "field" }, t("links.lasts"), lasts),
      ),
      recording.root,
      problem,
      el("div", { class: "actions" }, make),
    ),
    given.root,
  );
  given.load();
  api.choices().then((found) => choices.offer(found));
}

async function send(event) {
  event.preventDefault();
  problem.textContent = "";
  try {
    const asked = body();
    make.disabled = true;
    add(await api.makeLink(asked), asked.candidate_name);
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    make.disabled = false;
  }
}

function body() {
  const name = candidate.value.trim();
  if (!name) {
    candidate.focus();
    throw new Error(t("upload.need_name"));
  }
  return {
    candidate_name: name,
    language: spoken.value,
    questions: questions.values(),
    ...choices.values(),
    ...recording.values(),
    pauses: allowed(),
    expires_hours: Number(lasts.value),
  };
}

function allowed() {
  const value = Number(pauses.value);
  if (pauses.value !== "" && Number.isInteger(value) && value >= 0 && value <= 10) return value;
  pauses.focus();
  throw new Error(t("links.need_pauses"));
}

// Shows a link once: nobody can look it up again. The questions stay, for the next candidate; name and consent go.
function add(link, name) {
  const address = el("input", { readOnly: true, value: link.url, onfocus: () => address.select() });
  const said = el("span", { role: "status", class: "good small" });
  made.prepend(
    el(
      "li",
      { class: "video" },
      el(
        "label",
        { class: "field about" },
        t("links.for", { name }),
        address,
        el("span", { class: "quiet small" }, t("links.ends", { when: moment(link.expire_time) })),
      ),
      el(
        "div",
        { class: "copy" },
        el(
          "button",
          { type: "button", "aria-label": t("links.copy_for", { name }), onclick: () => copy(address, said) },
          t("links.copy"),
        ),
        said,
      ),
    ),
  );
  links.hidden = false;
  given.name(link.session_id, name);
  given.load();
  candidate.value = "";
  choices.forget();
  address.focus({ preventScroll: true });
  links.scrollIntoView({ block: "nearest" });
}

// Browsers let pages write to the clipboard on https and this machine only; elsewhere the person does it.
async function copy(address, said) {
  try {
    await navigator.clipboard.writeText(address.value);
    said.textContent = t("links.copied");
  } catch {
    address.focus();
    said.textContent = t("links.by_hand");
  }
}
