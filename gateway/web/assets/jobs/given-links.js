// The links that were made, with the end of those that can still be used. Whose they are stands in the links alone.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

export class GivenLinksPanel {
  constructor() {
    this.list = el("ul", { class: "videos" });
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.load(this.next) }, t("sessions.more"));
    this.said = el("p", { role: "status", class: "small" });
    this.root = el(
      "section",
      { class: "card", hidden: true, "aria-labelledby": "given" },
      el("h2", { id: "given" }, t("links.given")),
      el("p", { class: "quiet small" }, t("links.given_hint")),
      this.said,
      this.list,
      el("div", { class: "actions" }, this.more),
    );
    this.names = new Map();
  }

  // Remembers, for as long as the page is open, for whom a link was made here.
  name(id, candidate) {
    this.names.set(id, candidate);
  }

  async load(from = "") {
    const page = await api.links(from).catch(() => null);
    if (!page) return;
    if (!from) fill(this.list);
    this.list.append(...page.links.map((link) => this.row(link)));
    this.next = page.next_page_token;
    this.more.hidden = !this.next;
    this.root.hidden = !this.list.childElementCount;
  }

  row(link) {
    const name = this.names.get(link.session_id) ?? link.session_id;
    const row = el(
      "li",
      { class: "video" },
      el(
        "span",
        { class: "about" },
        name,
        el(
          "span",
          { class: "quiet small" },
          ` ${t(`links.state.${link.state}`)} · ${t("links.until", { when: moment(link.revoke_time ?? link.expire_time) })}`,
        ),
      ),
    );
    if (link.state === "open")
      row.append(
        el(
          "button",
          { type: "button", "aria-label": t("links.revoke_for", { name }), onclick: () => this.revoke(link, row) },
          t("links.revoke"),
        ),
      );
    return row;
  }

  async revoke(link, row) {
    try {
      const ended = this.row(await api.revokeLink(link.session_id));
      row.replaceWith(ended);
      this.said.textContent = t("links.revoked");
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
