// The encryption key of the organisation's own.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

export class EncryptionPanel {
  constructor() {
    this.said = el("p", { role: "status", class: "small" });
    this.body = el("div");
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "encryption" },
      el("h2", { id: "encryption" }, t("encryption.title")),
      el("p", { class: "quiet small" }, t("encryption.hint")),
      this.body,
      this.said,
    );
  }

  show(found, { organisation }) {
    this.organisation = organisation;
    const key = found.encryption_key;
    fill(
      this.body,
      key ? el("p", {}, covers(key, found)) : el("p", {}, t("encryption.none")),
      found.encryption_key_delete_time &&
        el("p", { class: "small" }, t("encryption.was_deleted", { when: moment(found.encryption_key_delete_time) })),
      key ? this.deleting() : this.making(found.key_service !== "file"),
    );
  }

  making(named) {
    const name = el("input", { name: "key_name", maxlength: "300", autocomplete: "off" });
    return el(
      "form",
      { onsubmit: (event) => this.tried(event, () => api.makeEncryptionKey(name.value.trim()), "encryption.made") },
      named && el("label", { class: "field" }, t("encryption.name"), name),
      el("div", { class: "actions" }, el("button", { type: "submit" }, t("encryption.make"))),
    );
  }

  deleting() {
    const id = el("input", { name: "confirm", autocomplete: "off", required: true });
    return el(
      "form",
      { onsubmit: (event) => this.tried(event, () => api.deleteEncryptionKey(id.value.trim()), "encryption.deleted") },
      el("p", { class: "small" }, t("encryption.delete_hint")),
      el("label", { class: "field" }, t("encryption.confirm", { id: this.organisation }), id),
      el("div", { class: "actions" }, el("button", { type: "submit" }, t("encryption.delete"))),
    );
  }

  async tried(event, work, said) {
    event.preventDefault();
    try {
      this.show(await work(), this);
      this.said.textContent = t(said);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}

function covers(key, found) {
  const name = key.name || t("encryption.usual");
  const counts = { covered: key.covered_sessions, all: found.encrypted_sessions };
  return t("encryption.covers", { name, when: moment(key.create_time), ...counts });
}
