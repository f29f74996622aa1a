// The human's decision: look at every answer, decide, and what was done before.

import * as api from "../api.js";
import { clock, el, fill, moment } from "../dom.js";
import { whoever } from "../header.js";
import { known, t } from "../i18n.js";
import { findingName } from "./findings.js";
import { outcome } from "./proposal.js";

const NAME = "interview_reviewer";
const DECISIONS = ["pass", "consider", "fail"];

export class ReviewPanel {
  constructor(id, result, session) {
    Object.assign(this, { id, result, session });
    this.looked = new Set();
    this.root = el("section", { class: "card", "aria-labelledby": "decision" });
    this.#draw();
  }

  #draw(said = "") {
    const review = this.session.review;
    this.root.classList.toggle("decided", Boolean(review));
    fill(
      this.root,
      el(
        "div",
        { class: "between" },
        el("h2", { id: "decision" }, t("decision.title")),
        review ? outcome(review.decision) : null,
      ),
      el("p", { role: "status", class: "good" }, said),
      review
        ? el(
            "p",
            {},
            el(
              "strong",
              {},
              `${t("decision.by", { name: review.reviewer, decision: t(`proposal.${review.decision}`) })}. `,
            ),
            review.reason,
          )
        : el("p", {}, el("strong", {}, t("decision.none"))),
      this.session.review_state === "contested" &&
        el(
          "div",
          { class: "warn" },
          el("p", {}, el("strong", {}, `${t("decision.contested")}: `), this.session.objection),
          el("p", { class: "small" }, this.#objected()),
        ),
      el(
        "details",
        { open: !review || this.session.review_state === "contested" },
        el("summary", {}, t(review ? "decision.again" : "decision.save")),
        this.#form(),
      ),
      review &&
        this.session.review_state === "decided" &&
        el("details", {}, el("summary", {}, t("decision.contest")), this.#contest()),
      this.#history(),
    );
  }

  // Who objected, and when.
  #objected() {
    const when = moment(this.session.contest_time);
    return t(this.session.objected_by_link ? "decision.objected_by_link" : "decision.objected", { when });
  }

  #form() {
    this.name = el("input", {
      maxlength: "200",
      autocomplete: "name",
      required: true,
      value: localStorage.getItem(NAME) ?? "",
      oninput: () => {
        // not onchange: it would redraw under a click
        localStorage.setItem(NAME, this.name.value.trim());
        this.looked.clear();
        this.#drawLooks();
      },
    });
    whoever.then((found) => {
      if (found?.name) Object.assign(this.name, { value: found.name, readOnly: true });
    });
    this.reason = el("textarea", { rows: "3", maxlength: "4000", required: true });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.looks = el("div", { class: "looks" });
    this.#drawLooks();
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#save(event) },
      el("label", { class: "field" }, t("decision.name"), this.name),
      el("p", { class: "small" }, t("decision.look")),
      this.looks,
      el(
        "fieldset",
        { class: "tabs" },
        el("legend", {}, t("decision.decision")),
        DECISIONS.map((name) =>
          el(
            "label",
            {},
            el("input", { type: "radio", name: "decision", value: name }),
            el("span", {}, t(`proposal.${name}`)),
          ),
        ),
      ),
      this.#dismissals(),
      el(
        "label",
        { class: "field" },
        t("decision.reason"),
        el("span", { class: "quiet small" }, ` ${t("decision.reason_help")}`),
        this.reason,
      ),
      this.problem,
      el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("decision.save"))),
    );
  }

  #drawLooks() {
    const usable = (this.session.answers ?? []).filter((answer) => ["completed", "partial"].includes(answer.state));
    fill(
      this.looks,
      usable.map(({ index }) =>
        el(
          "button",
          {
            type: "button",
            "aria-pressed": String(this.looked.has(index)),
            onclick: () => this.#look(index),
          },
          this.looked.has(index)
            ? `✓ ${t("decision.looked", { n: index + 1 })}`
            : t("decision.look_at", { n: index + 1 }),
        ),
      ),
    );
  }

  async #look(index) {
    const name = this.name.value.trim();
    if (!name) {
      this.#complain(t("decision.need"), this.name);
      return;
    }
    try {
      await api.openEvidence(this.id, index, name);
    } catch (error) {
      this.#complain(error.message);
      return;
    }
    this.looked.add(index);
    this.#drawLooks();
    const target = document.getElementById(`answer-${index}`);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView();
  }

  #dismissals() {
    const findings = (this.result.content ?? []).flatMap((item, index) =>
      (item.result?.evidence?.findings ?? [])
        .filter((finding) => finding.severity !== "info")
        .map((finding) => ({ index, finding })),
    );
    this.dismissed = findings.map(({ index, finding }) => ({ index, finding, box: el("input", { type: "checkbox" }) }));
    if (!findings.length) return null;
    return el(
      "fieldset",
      { class: "checks" },
      el("legend", {}, t("decision.dismiss")),
      this.dismissed.map(({ index, finding, box }) =>
        el(
          "label",
          {},
          box,
          ` ${t("result.answer", { n: index + 1 })}: ${findingName(finding)} ${clock(finding.start_s)}`,
        ),
      ),
    );
  }

  async #save(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const body = {
      reviewer: this.name.value.trim(),
      decision: form.get("decision"),
      reason: this.reason.value.trim(),
      overrides: this.#overrides(),
    };
    if (!body.reviewer || !body.decision || !body.reason) {
      this.#complain(t("decision.need"));
      return;
    }
    await this.#send(() => api.review(this.id, body), t("decision.saved"));
  }

  #overrides() {
    return this.dismissed
      .filter(({ box }) => box.checked)
      .map(({ index, finding }) => ({
        answer_index: index,
        kind: "finding_dismissed",
        target: `${finding.type}@${finding.start_s}`,
        reason: t("decision.dismiss_reason"),
      }));
  }

  #contest() {
    const actor = el("input", { maxlength: "200", required: true }),
      objection = el("textarea", { rows: "3", maxlength: "4000", required: true });
    return el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.#send(
            () => api.contest(this.id, { actor: actor.value.trim(), objection: objection.value.trim() }),
            t("action.contested"),
          );
        },
      },
      el("label", { class: "field" }, t("decision.objector"), actor),
      el("label", { class: "field" }, t("decision.objection"), objection),
      el("div", { class: "actions" }, el("button", { type: "submit" }, t("decision.contest_save"))),
    );
  }

  async #send(request, said) {
    try {
      this.session = await request();
      this.looked.clear();
      this.#draw(said);
    } catch (error) {
      this.#complain(error.message);
    }
  }

  #complain(message, field) {
    this.problem.textContent = message;
    field?.focus();
  }

  #history() {
    const list = el("ul", { class: "small" });
    return el(
      "details",
      {
        ontoggle: async (event) => {
          if (!event.target.open || list.childElementCount) return;
          const audit = await api.audit(this.id);
          fill(
            list,
            audit.entries.map((entry) =>
              el(
                "li",
                {},
                `${moment(entry.time)} · ${entry.actor} · `,
                known(`action.${entry.action}`)
                  ? t(`action.${entry.action}`, { n: (entry.answer_index ?? 0) + 1 })
                  : entry.action,
                entry.action === "contested" && entry.details ? `: ${entry.details}` : "",
              ),
            ),
          );
        },
      },
      el("summary", {}, t("decision.history")),
      list,
    );
  }
}
