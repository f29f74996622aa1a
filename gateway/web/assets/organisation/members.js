// Who may sign in, and what they may do.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

export const ROLES = ["admin", "recruiter", "reviewer", "auditor"];

function roles(chosen) {
  return ROLES.map((role) => el("option", { value: role, selected: role === chosen }, t(`organisation.role.${role}`)));
}

export class MembersPanel {
  constructor() {
    this.list = el("ul", { class: "videos" });
    this.said = el("p", { role: "status", class: "small" });
    this.email = el("input", { type: "email", name: "email", maxlength: "254", autocomplete: "off", required: true });
    this.role = el("select", { name: "role" }, roles("reviewer"));
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "members" },
      el("h2", { id: "members" }, t("organisation.members")),
      el("p", { class: "quiet small" }, t("organisation.members_hint")),
      this.list,
      el(
        "form",
        { onsubmit: (event) => this.add(event) },
        el(
          "div",
          { class: "row" },
          el("label", { class: "field" }, t("organisation.email"), this.email),
          el("label", { class: "field" }, t("organisation.role"), this.role),
        ),
        this.said,
        el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("organisation.add"))),
      ),
    );
  }

  async load() {
    try {
      const { members } = await api.members();
      fill(
        this.list,
        members.length ? members.map((member) => this.row(member)) : el("li", {}, t("organisation.none")),
      );
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  row(member) {
    const name = member.name || member.email || member.member_id;
    const since = member.sign_in_time
      ? t("organisation.signed_in", { when: moment(member.sign_in_time) })
      : t("organisation.never");
    const role = el(
      "select",
      { "aria-label": t("organisation.role_of", { name }), onchange: () => this.change(member, role) },
      roles(member.role),
    );
    return el(
      "li",
      { class: "video" },
      el(
        "span",
        { class: "about" },
        name,
        el("span", { class: "quiet small" }, ` ${[member.name && member.email, since].filter(Boolean).join(" · ")}`),
      ),
      role,
      el(
        "button",
        {
          type: "button",
          "aria-label": t("organisation.remove_name", { name }),
          onclick: () => this.remove(member, name),
        },
        t("organisation.remove"),
      ),
    );
  }

  async add(event) {
    event.preventDefault();
    await this.tried(async () => {
      const made = await api.addMember(this.email.value.trim(), this.role.value);
      this.email.value = "";
      return t("organisation.added", { name: made.email });
    });
  }

  async change(member, role) {
    await this.tried(async () => {
      await api.changeMember(member.member_id, role.value);
      return t("organisation.changed");
    });
  }

  async remove(member, name) {
    if (!confirm(t("organisation.remove_sure", { name }))) return;
    await this.tried(async () => {
      await api.removeMember(member.member_id);
      return t("organisation.removed", { name });
    });
  }

  // Says what came of it, and shows what is so now, whatever that is.
  async tried(work) {
    try {
      this.said.textContent = await work();
    } catch (error) {
      this.said.textContent = error.message;
    }
    await this.load();
  }
}
