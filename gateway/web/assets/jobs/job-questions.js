// The questions of a job, each with what holds for its answer.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { choose, offer } from "../submission/offered.js";

const MOST = 20; // as the server has it
const NUMBERS = [
  ["thinking_s", 30, 0, 600],
  ["limit_s", 180, 10, 1800],
  ["retakes", 1, 0, 10],
  ["pauses", 0, 0, 10],
];

export class JobQuestions {
  #questions = [];
  #rubrics = [];

  constructor() {
    this.list = el("ol", { class: "videos", "aria-label": t("links.questions") });
    this.more = el("button", { type: "button", onclick: () => this.#more() }, t("links.add"));
    this.root = el("div", { class: "questions" }, this.list, el("div", { class: "actions" }, this.more));
  }

  show(questions) {
    this.#questions = questions.map((question) => this.#fields(question));
    this.#draw();
  }

  offer(rubrics) {
    this.#rubrics = rubrics;
    for (const fields of this.#questions) this.#offer(fields.rubric);
  }

  // The questions in order. Throws an Error where something is missing or too much.
  values() {
    return this.#questions.map((fields, index) => {
      const n = index + 1;
      const text = fields.text.value.trim();
      if (!text) refuse(fields.text, t("links.need_question", { n }));
      const numbers = NUMBERS.map(([name, , least, most]) => {
        const value = Number(fields[name].value);
        if (fields[name].value === "" || !Number.isInteger(value) || value < least || value > most)
          refuse(fields[name], t("jobs.need_number", { n, name: t(`jobs.${name}`), least, most }));
        return [name, value];
      });
      return {
        text,
        reference: fields.reference.value.trim(),
        rubric: fields.rubric.value,
        ...Object.fromEntries(numbers),
      };
    });
  }

  #fields(question) {
    const fields = {
      text: el("textarea", { rows: "2", maxlength: "2000" }),
      reference: el("textarea", { rows: "3", maxlength: "10000" }),
      rubric: el("select"),
    };
    fields.text.value = question.text ?? "";
    fields.reference.value = question.reference ?? "";
    for (const [name, usual, least, most] of NUMBERS) {
      fields[name] = el("input", { type: "number", min: String(least), max: String(most), step: "1" });
      fields[name].value = String(question[name] ?? usual);
    }
    this.#offer(fields.rubric);
    choose(fields.rubric, question.rubric ?? "");
    return fields;
  }

  #offer(select) {
    offer(select, this.#rubrics, (rubric) => rubric.role);
    select.options[0].textContent = t("jobs.same");
  }

  #more() {
    this.#questions.push(this.#fields({}));
    this.#draw();
    this.#questions.at(-1).text.focus();
  }

  #remove(fields) {
    const place = this.#questions.indexOf(fields);
    this.#questions.splice(place, 1);
    this.#draw();
    this.#questions[Math.min(place, this.#questions.length - 1)].text.focus();
  }

  #draw() {
    fill(
      this.list,
      this.#questions.map((fields, index) => this.#row(fields, index + 1)),
    );
    this.more.hidden = this.#questions.length >= MOST;
  }

  #row(fields, n) {
    const remove = { type: "button", class: "small", "aria-label": t("links.remove_n", { n }) };
    return el(
      "li",
      { class: "video" },
      el(
        "div",
        { class: "about" },
        el("label", { class: "field" }, t("upload.question", { n }), fields.text),
        el("label", { class: "field" }, t("jobs.reference"), fields.reference),
        el(
          "div",
          { class: "row" },
          NUMBERS.map(([name]) => el("label", { class: "field" }, t(`jobs.${name}`), fields[name])),
          el("label", { class: "field" }, t("upload.rubric"), fields.rubric),
        ),
      ),
      this.#questions.length > 1 &&
        el("button", { ...remove, onclick: () => this.#remove(fields) }, t("upload.remove")),
    );
  }
}

function refuse(field, message) {
  field.focus();
  throw new Error(message);
}
