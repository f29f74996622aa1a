// Policy, rubric and, where the policy requires it, the candidate's consent.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

export class ChoicesPanel {
  #policies = [];

  constructor() {
    this.policy = el("select", { name: "policy", "aria-describedby": "policy-help", onchange: () => this.#explain() });
    this.rubric = el("select", { name: "rubric" });
    this.consent = el("input", {
      name: "consent",
      maxlength: "200",
      autocomplete: "off",
      "aria-describedby": "consent-help",
    });
    this.help = el("span", { id: "policy-help", class: "quiet small", lang: "en" });
    this.policyField = el("label", { class: "field", hidden: true }, t("upload.policy"), this.policy, this.help);
    this.rubricField = el("label", { class: "field", hidden: true }, t("upload.rubric"), this.rubric);
    this.consentField = el(
      "label",
      { class: "field", hidden: true },
      t("upload.consent"),
      this.consent,
      el("span", { id: "consent-help", class: "quiet small" }, t("upload.consent_help")),
    );
    this.fields = [this.rubricField, this.policyField, this.consentField];
  }

  offer({ policies, rubrics }) {
    this.#policies = policies;
    offer(this.policy, this.policyField, policies, (policy) => policy.name);
    offer(this.rubric, this.rubricField, rubrics, (rubric) => rubric.role);
    this.#explain();
  }

  // What is chosen. Throws an Error where the policy requires a consent and none is named.
  values() {
    const required = this.#chosen()?.requires_consent ?? false;
    const consent = required ? this.consent.value.trim() : "";
    if (required && !consent) {
      this.consent.focus();
      throw new Error(t("upload.need_consent"));
    }
    return { policy: this.policy.value, rubric: this.rubric.value, consent_reference: consent };
  }

  // Another candidate's consent is another.
  forget() {
    this.consent.value = "";
  }

  #chosen() {
    return this.#policies.find((policy) => policy.name === this.policy.value);
  }

  #explain() {
    this.help.textContent = this.#chosen()?.description ?? "";
    this.consentField.hidden = !this.#chosen()?.requires_consent;
  }
}

// A choice of one is none.
function offer(select, field, items, label) {
  field.hidden = items.length < 2;
  fill(
    select,
    items.map((item) => el("option", { value: item.name, selected: item.is_default }, label(item))),
  );
}
