// A person's own scorecard: every answer by the criteria of its rubric, from 1 to 5, before anything else is seen.

import * as api from "../api.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { criteriaOf, criterionName } from "./criteria.js";

const STEPS = [1, 2, 3, 4, 5];
const RECOMMENDATIONS = ["pass", "consider", "fail"];
const USABLE = new Set(["completed", "partial"]);

export class ScorecardForm {
  constructor(session, rubrics, done) {
    this.id = session.session_id;
    this.done = done;
    this.rows = []; // [answer, criterion, name of its radio buttons]
    this.reason = el("textarea", { rows: "3", maxlength: "4000", required: true });
    this.problem = el("p", { class: "problem", role: "alert" });
    const answers = session.answers.filter(({ state }) => USABLE.has(state));
    this.root = el(
      "form",
      {
        novalidate: true,
        oninput: () => {
          this.problem.textContent = "";
        },
        onsubmit: (event) => this.#send(event),
      },
      el("p", { class: "lead" }, t("scorecard.lead")),
      answers.map((answer) => this.#answer(answer, criteriaOf(answer, session, rubrics))),
      this.#whole(),
    );
  }

  #answer(answer, criteria) {
    const said = el("p", { class: "text spoken" }, t("scorecard.loading"));
    api.transcript(this.id, answer.index).then((text) => {
      said.textContent = text || t("transcript.nothing");
    });
    return el(
      "section",
      { class: "card", "aria-labelledby": `rate-${answer.index}` },
      el("p", { class: "quiet small" }, t("result.answer", { n: answer.index + 1 })),
      el("h2", { id: `rate-${answer.index}` }, answer.question),
      said,
      el("p", { class: "quiet small" }, t("scorecard.scale")),
      criteria.map((criterion) => this.#criterion(answer.index, criterion)),
    );
  }

  #criterion(index, criterion) {
    const name = `rating-${index}-${criterion}`;
    this.rows.push([index, criterion, name]);
    return el("fieldset", { class: "tabs" }, el("legend", {}, criterionName(criterion)), choices(name, STEPS, String));
  }

  #whole() {
    return el(
      "section",
      { class: "card", "aria-labelledby": "recommend" },
      el("h2", { id: "recommend" }, t("scorecard.recommendation")),
      el("p", { class: "quiet small" }, t("scorecard.note")),
      el(
        "fieldset",
        { class: "tabs" },
        el("legend", {}, t("scorecard.recommend")),
        choices("recommendation", RECOMMENDATIONS, (name) => t(`proposal.${name}`)),
      ),
      el("label", { class: "field" }, t("decision.reason"), this.reason),
      this.problem,
      el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("scorecard.save"))),
    );
  }

  async #send(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const missing = this.rows.find(([, , name]) => !form.get(name));
    if (missing) {
      this.problem.textContent = t("scorecard.need", { n: missing[0] + 1, name: criterionName(missing[1]) });
      this.root.querySelector(`[name="${CSS.escape(missing[2])}"]`).focus();
      return;
    }
    const body = {
      ratings: this.rows.map(([index, criterion, name]) => ({
        answer_index: index,
        criterion,
        rating: Number(form.get(name)),
      })),
      recommendation: form.get("recommendation"),
      reason: this.reason.value.trim(),
    };
    if (!body.recommendation || !body.reason) {
      this.problem.textContent = t("scorecard.need_reason");
      return;
    }
    try {
      await api.rate(this.id, body);
      this.done();
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }
}

function choices(name, values, label) {
  return values.map((value) =>
    el("label", {}, el("input", { type: "radio", name, value: String(value) }), el("span", {}, label(value))),
  );
}
