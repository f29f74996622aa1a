// Keys of programs, and of people without an account.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

const SCOPES = ["submit", "read", "review", "audit", "admin"];
const DAYS = [30, 90, 365, 0];

export class KeysPanel {
  constructor() {
    this.list = el("ul", { class: "videos" });
    this.said = el("p", { role: "status", class: "small" });
    this.name = el("input", { name: "key_name", maxlength: "100", autocomplete: "off", required: true });
    this.boxes = SCOPES.map((scope) => el("input", { type: "checkbox", value: scope, checked: scope === "read" }));
    this.days = el(
      "select",
      { name: "days" },
      DAYS.map((days) =>
        el("option", { value: String(days) }, days ? t("organisation.days", { n: days }) : t("organisation.endless")),
      ),
    );
    this.secret = el("input", { readOnly: true, onfocus: () => this.secret.select() });
    this.made = el("p", { hidden: true }, el("label", { class: "field" }, t("organisation.secret"), this.secret));
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "keys" },
      el("h2", { id: "keys" }, t("organisation.keys")),
      el("p", { class: "quiet small" }, t("organisation.keys_hint")),
      this.list,
      el(
        "form",
        { onsubmit: (event) => this.make(event) },
        el(
          "div",
          { class: "row" },
          el("label", { class: "field" }, t("organisation.key_name"), this.name),
          el("label", { class: "field" }, t("links.lasts"), this.days),
        ),
        el(
          "fieldset",
          { class: "checks" },
          el("legend", {}, t("organisation.scopes")),
          this.boxes.map((box) => el("label", {}, box, ` ${t(`organisation.scope.${box.value}`)}`)),
        ),
        this.made,
        this.said,
        el("div", { class: "actions" }, el("button", { type: "submit" }, t("organisation.make_key"))),
      ),
    );
  }

  async load() {
    try {
      const { keys } = await api.keys();
      fill(this.list, keys.length ? keys.map((key) => this.row(key)) : el("li", {}, t("organisation.no_keys")));
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  row(key) {
    const row = el(
      "li",
      { class: "video" },
      el("span", { class: "about" }, key.name, el("span", { class: "quiet small" }, ` ${standing(key)}`)),
    );
    if (!key.revoke_time)
      row.append(
        el(
          "button",
          {
            type: "button",
            "aria-label": t("organisation.revoke_name", { name: key.name }),
            onclick: () => this.revoke(key),
          },
          t("organisation.revoke"),
        ),
      );
    return row;
  }

  async make(event) {
    event.preventDefault();
    const scopes = this.boxes.filter((box) => box.checked).map((box) => box.value);
    try {
      const made = await api.makeKey({ name: this.name.value.trim(), scopes, expire_days: Number(this.days.value) });
      this.secret.value = made.secret;
      this.made.hidden = false;
      this.name.value = "";
      this.said.textContent = t("organisation.secret_once");
    } catch (error) {
      this.said.textContent = scopes.length ? error.message : t("organisation.need_scope");
    }
    await this.load();
  }

  async revoke(key) {
    if (!confirm(t("organisation.revoke_sure", { name: key.name }))) return;
    try {
      await api.revokeKey(key.key_id);
      this.said.textContent = t("organisation.revoked", { name: key.name });
    } catch (error) {
      this.said.textContent = error.message;
    }
    await this.load();
  }
}

function standing(key) {
  const scopes = key.scopes.map((scope) => t(`organisation.scope.${scope}`)).join(", ");
  if (key.revoke_time) return `${scopes} · ${t("organisation.ended", { when: moment(key.revoke_time) })}`;
  return `${scopes} · ${key.expire_time ? t("links.until", { when: moment(key.expire_time) }) : t("organisation.endless")}`;
}
