// What a job asks: title, language, dates, rubric, policy, consent and the questions.

import * as api from "../api.js";
import { el } from "../dom.js";
import { language, t } from "../i18n.js";
import { JobQuestions } from "./job-questions.js";
import { choose, offer } from "../submission/offered.js";
import { policyFacts } from "../submission/policy-facts.js";
import { RecordingOptions } from "../submission/recording-options.js";

export class JobEditor {
  // `save` is given the body of the job; what it throws is shown.
  constructor(label, save) {
    this.title = el("input", { name: "title", maxlength: "200", autocomplete: "off" });
    this.language = el(
      "select",
      { name: "language" },
      ["en", "id"].map((code) => el("option", { value: code }, t(`language.${code}`))),
    );
    this.language.value = language;
    this.closes = el("input", { type: "date", name: "closes" });
    this.webhook = el("input", { type: "url", name: "webhook", maxlength: "2000", autocomplete: "off" });
    this.rubric = el("select", { name: "rubric" });
    this.policy = el("select", {
      name: "policy",
      "aria-describedby": "policy-means",
      onchange: () => this.#explain(),
    });
    this.means = el("p", { id: "policy-means", class: "quiet small" });
    this.consent = el("textarea", {
      name: "consent",
      rows: "5",
      maxlength: "20000",
      "aria-describedby": "consent-why",
    });
    this.questions = new JobQuestions();
    this.recording = new RecordingOptions();
    this.problem = el("p", { class: "problem", role: "alert" });
    this.button = el("button", { type: "submit", class: "primary" }, label);
    this.all = el(
      "fieldset",
      { class: "plain" },
      el("label", { class: "field" }, t("jobs.name"), this.title),
      el(
        "div",
        { class: "row" },
        el("label", { class: "field" }, t("upload.language"), this.language),
        el("label", { class: "field" }, t("jobs.closes"), this.closes),
      ),
      el(
        "div",
        { class: "row" },
        el("label", { class: "field" }, t("upload.rubric"), this.rubric),
        el("label", { class: "field" }, t("upload.policy"), this.policy),
      ),
      this.means,
      this.questions.root,
      this.recording.root,
      el("label", { class: "field" }, t("jobs.consent"), this.consent),
      el("p", { id: "consent-why", class: "quiet small" }, t("jobs.consent_help")),
      el("label", { class: "field" }, t("jobs.webhook"), this.webhook),
      this.problem,
      el("div", { class: "actions" }, this.button),
    );
    this.root = el(
      "form",
      {
        class: "card",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.#send(save);
        },
        oninput: () => {
          this.problem.textContent = "";
        },
      },
      this.all,
    );
    this.offered = this.#offer();
    this.show({});
  }

  // Fills the form with a job or a template; `may`: whether it can be changed.
  show(job, may = true) {
    this.title.value = job.title ?? "";
    this.language.value = job.language ?? this.language.value;
    this.consent.value = job.consent_text ?? "";
    this.closes.value = job.close_time ? localDay(new Date(job.close_time)) : "";
    this.webhook.value = job.webhook_url ?? "";
    this.questions.show(job.questions ?? [{}]);
    this.recording.show(job);
    this.all.disabled = !may;
    this.button.hidden = !may;
    this.offered.then(() => {
      choose(this.rubric, job.rubric ?? "");
      choose(this.policy, job.policy ?? "");
      this.#explain();
    });
  }

  async #offer() {
    const { policies, rubrics } = await api.choices();
    this.policies = policies;
    this.questions.offer(rubrics);
    offer(this.rubric, rubrics, (rubric) => rubric.role);
    offer(this.policy, policies, (policy) => policy.name);
  }

  #explain() {
    const name = this.policy.value;
    this.means.textContent = policyFacts(
      this.policies.find((policy) => (name ? policy.name === name : policy.is_default)),
    );
  }

  async #send(save) {
    this.problem.textContent = "";
    this.button.disabled = true;
    try {
      await save(this.#body());
    } catch (error) {
      this.problem.textContent = error.message;
    } finally {
      this.button.disabled = false;
    }
  }

  #body() {
    const title = this.title.value.trim();
    if (!title) {
      this.title.focus();
      throw new Error(t("jobs.need_name"));
    }
    return {
      title,
      language: this.language.value,
      close_time: this.closes.value ? new Date(`${this.closes.value}T23:59:59`).toISOString() : null,
      rubric: this.rubric.value,
      policy: this.policy.value,
      consent_text: this.consent.value.trim(),
      webhook_url: this.webhook.value.trim(),
      ...this.recording.values(),
      questions: this.questions.values(),
    };
  }
}

function localDay(moment) {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
