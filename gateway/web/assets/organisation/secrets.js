// Secrets: set, replaced, deleted, and never shown.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

const KINDS = ["webhook", "deepl", "huggingface"];

export class SecretsPanel {
  constructor() {
    this.said = el("p", { role: "status", class: "small" });
    this.list = el("ul", { class: "videos" });
    this.kind = el(
      "select",
      { name: "kind" },
      KINDS.map((kind) => el("option", { value: kind }, t(`secrets.kind.${kind}`))),
    );
    this.secret = el("input", { type: "password", name: "secret", maxlength: "500", required: true });
    this.secret.setAttribute("autocomplete", "new-password");
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "secrets" },
      el("h2", { id: "secrets" }, t("secrets.title")),
      el("p", { class: "quiet small" }, t("secrets.hint")),
      el("p", { class: "quiet small" }, t("secrets.third_parties")),
      this.list,
      el(
        "form",
        { onsubmit: (event) => this.set(event) },
        el(
          "div",
          { class: "row" },
          el("label", { class: "field" }, t("secrets.for"), this.kind),
          el("label", { class: "field" }, t("secrets.secret"), this.secret),
        ),
        this.said,
        el("div", { class: "actions" }, el("button", { type: "submit" }, t("secrets.set"))),
      ),
    );
  }

  show({ secrets }) {
    fill(this.list, secrets.length ? secrets.map((each) => this.row(each)) : el("li", {}, t("secrets.none")));
  }

  row({ kind, set_time, previous_until_time }) {
    const since = t("secrets.since", { when: moment(set_time) });
    const also = previous_until_time && t("secrets.also", { when: moment(previous_until_time) });
    const name = t(`secrets.kind.${kind}`);
    return el(
      "li",
      { class: "video" },
      el("span", { class: "about" }, name, el("span", { class: "quiet small" }, ` ${since}`, also && ` · ${also}`)),
      el(
        "button",
        { type: "button", "aria-label": t("secrets.remove_name", { name }), onclick: () => this.remove(kind, name) },
        t("secrets.remove"),
      ),
    );
  }

  async set(event) {
    event.preventDefault();
    await this.tried(async () => {
      const found = await api.setSecret(this.kind.value, this.secret.value);
      this.secret.value = "";
      return [found, t("secrets.kept")];
    });
  }

  async remove(kind, name) {
    if (!confirm(t("secrets.remove_sure", { name }))) return;
    await this.tried(async () => [await api.removeSecret(kind), t("secrets.removed", { name })]);
  }

  async tried(work) {
    try {
      const [found, said] = await work();
      this.show(found);
      this.said.textContent = said;
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
