// What narrows a job's candidates down.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { remember } from "./address.js";

const OUTCOMES = ["pass", "consider", "fail", "insufficient"];
const DECISIONS = ["open", "pass", "consider", "fail", "contested"];
const FINDINGS = ["none", "review", "serious"];
const AGES = ["1", "7", "30", "over-7", "over-30"];
const DAY_MS = 86_400_000,
  TYPING_MS = 250;

export class Filters {
  #waiting = 0;

  constructor(changed) {
    const known = new URLSearchParams(location.search);
    this.choices = {
      outcome: choice("outcome", OUTCOMES, (name) => t(`proposal.${name}`), known),
      decision: choice("decision", DECISIONS, decisionName, known),
      findings: choice("findings", FINDINGS, (name) => t(`candidates.findings.${name}`), known),
      age: choice("age", AGES, (name) => t(`candidates.age.${name}`), known),
    };
    this.least = score("least_total", known);
    this.most = score("most_total", known);
    this.name = el("input", { type: "search", maxlength: "200" });
    this.shortlisted = el("input", { type: "checkbox", checked: known.get("shortlisted") === "true" });
    this.root = el(
      "details",
      { open: this.any() },
      el("summary", {}, t("candidates.narrow")),
      el("form", { class: "row filters", onsubmit: (event) => event.preventDefault() }, this.#fields()),
    );
    this.root.addEventListener("input", () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => {
        remember(this.#kept());
        changed();
      }, TYPING_MS);
    });
  }

  // As the server takes them; what is empty narrows nothing.
  wanted() {
    const { age, ...kept } = this.#kept();
    const days = Number(age.replace("over-", ""));
    const moment = age && new Date(Date.now() - days * DAY_MS).toISOString();
    const when = age.startsWith("over") ? { created_before: moment } : { created_after: moment };
    return { ...kept, ...when, q: this.name.value.trim() };
  }

  any() {
    return Object.values(this.#kept()).some(Boolean) || Boolean(this.name.value.trim());
  }

  #kept() {
    const chosen = Object.entries(this.choices).map(([name, node]) => [name, node.value]);
    const scores = { least_total: points(this.least), most_total: points(this.most) };
    return { ...Object.fromEntries(chosen), ...scores, shortlisted: this.shortlisted.checked ? "true" : "" };
  }

  #fields() {
    const named = (key, node) => el("label", { class: "field" }, t(key), node);
    return [
      named("candidates.name", this.name),
      ...Object.entries(this.choices).map(([name, node]) => named(`candidates.filter.${name}`, node)),
      named("candidates.least", this.least),
      named("candidates.most", this.most),
      el("label", { class: "tick" }, this.shortlisted, ` ${t("shortlist.only")}`),
    ];
  }
}

export function decisionName(name) {
  return t(
    name === "open" ? "candidates.undecided" : name === "contested" ? "review_state.contested" : `proposal.${name}`,
  );
}

function choice(name, values, label, known) {
  const node = el(
    "select",
    {},
    el("option", { value: "" }, t("sessions.all")),
    values.map((value) => el("option", { value }, label(value))),
  );
  if (values.includes(known.get(name))) node.value = known.get(name);
  return node;
}

function score(name, known) {
  return el("input", { type: "number", min: "0", max: "100", step: "any", value: known.get(name) ?? "" });
}

// A score from 0 to 100 as it was typed, or nothing.
function points(field) {
  return field.value !== "" && field.validity.valid ? field.value : "";
}
