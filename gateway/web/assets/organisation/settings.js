// Which policy counts where none is named, and how long results are kept.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

export class SettingsPanel {
  constructor() {
    this.said = el("p", { role: "status", class: "small" });
    this.policy = el("select", { name: "policy" });
    this.days = el("input", { type: "number", name: "retention_days", min: "1", step: "1", autocomplete: "off" });
    this.limit = el("span", { class: "quiet small", id: "retention-limit" });
    this.days.setAttribute("aria-describedby", "retention-limit");
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "settings" },
      el("h2", { id: "settings" }, t("settings.title")),
      el("p", { class: "quiet small" }, t("settings.hint")),
      el(
        "form",
        { onsubmit: (event) => this.save(event) },
        el(
          "div",
          { class: "row" },
          el("label", { class: "field" }, t("settings.policy"), this.policy),
          el("label", { class: "field" }, t("settings.days"), this.days),
        ),
        el("p", {}, this.limit),
        this.said,
        el("div", { class: "actions" }, el("button", { type: "submit" }, t("settings.save"))),
      ),
    );
  }

  show(found, { policies }) {
    const usual = el("option", { value: "", selected: !found.policy }, t("settings.usual"));
    const named = policies.map(({ name }) => el("option", { value: name, selected: name === found.policy }, name));
    fill(this.policy, usual, named);
    this.days.value = found.retention_days ?? "";
    this.days.max = String(found.max_retention_days);
    this.limit.textContent = t("settings.counts", {
      policy: found.effective_policy,
      days: found.effective_retention_days,
      most: found.max_retention_days,
    });
    this.policies = policies;
  }

  async save(event) {
    event.preventDefault();
    const days = this.days.value.trim();
    const body = { policy: this.policy.value, retention_days: days ? Number(days) : null };
    try {
      this.show(await api.changeSettings(body), { policies: this.policies });
      this.said.textContent = t("settings.saved");
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
