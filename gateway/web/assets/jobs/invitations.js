// Who was invited to a job and how far they are; links to copy, mails, more time, the end.

import * as api from "../api.js";
import { badge, el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";

const KINDS = { handed_in: "good", expired: "warn", revoked: "bad" };
const STATES = ["created", "sent", "opened", "started", "handed_in", "expired", "revoked"];
const GOES_ON = ["created", "sent", "opened", "started"];
const LONGER_DAYS = 7,
  MAILS_AT_ONCE = 50;

export class InvitationsPanel {
  #asked = 0; // only the answer to the last question counts

  // `may`: whether links are given out and ended here.
  constructor(job, may) {
    this.job = job;
    this.may = may;
    this.state = el(
      "select",
      { onchange: () => this.load() },
      el("option", { value: "" }, t("sessions.all")),
      STATES.map((name) => el("option", { value: name }, t(`invitations.state.${name}`))),
    );
    this.body = el("tbody");
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.load(this.next) }, t("sessions.more"));
    this.mailAll = el(
      "button",
      { type: "button", hidden: true, onclick: () => this.#mailAll() },
      t("invitations.mail_all"),
    );
    this.said = el("p", { role: "status", class: "small" });
    this.root = el(
      "section",
      { class: "card" },
      el(
        "div",
        { class: "between" },
        el("h2", {}, t("invitations.title")),
        el("label", {}, t("sessions.state"), this.state),
      ),
      this.said,
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": t("invitations.title") },
        el("table", { class: "sessions stacked" }, this.#head(), this.body),
      ),
      el("div", { class: "actions" }, this.more, this.mailAll),
    );
  }

  async load(from = "") {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const page = await api.invitations(this.job, this.state.value, from);
      if (mine !== this.#asked) return;
      if (!from) fill(this.body);
      this.mail = page.mail;
      this.body.append(...page.invitations.map((invitation) => this.#row(invitation)));
      this.next = page.next_page_token;
      this.more.hidden = !this.next;
      const unsent = page.invitations.some((found) => found.state === "created" && found.email);
      this.unsent = unsent || Boolean(from && this.unsent);
      this.mailAll.hidden = !this.may || !page.mail || !(this.unsent || this.next);
      if (!this.body.childElementCount) this.said.textContent = t("invitations.none");
      else if (this.said.textContent === t("invitations.none")) this.said.textContent = "";
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  #head() {
    const names = ["candidate", "state", "ends", "acts"];
    const cells = names.map((name) => el("th", { scope: "col" }, t(`invitations.${name}`)));
    return el("thead", {}, el("tr", {}, cells));
  }

  #row(found) {
    const row = el("tr");
    const acts = el("td", {}, this.may && GOES_ON.concat("expired").includes(found.state) && this.#acts(found, row));
    const since =
      found[`${{ handed_in: "hand_in", opened: "open", started: "start", sent: "send" }[found.state]}_time`];
    fill(
      row,
      el("td", {}, found.candidate_name, found.email && el("div", { class: "quiet small" }, found.email)),
      el(
        "td",
        { "data-label": t("invitations.state") },
        badge(t(`invitations.state.${found.state}`), KINDS[found.state] ?? ""),
        since && el("div", { class: "quiet small" }, moment(since)),
        found.remind_time &&
          el("div", { class: "quiet small" }, t("invitations.reminded", { when: moment(found.remind_time) })),
      ),
      el("td", { "data-label": t("invitations.ends") }, moment(found.revoke_time ?? found.expire_time)),
      acts,
    );
    return row;
  }

  #acts(found, row) {
    const name = found.candidate_name;
    const button = (act, work) =>
      el(
        "button",
        { type: "button", class: "small", "aria-label": t(`invitations.${act}_for`, { name }), onclick: work },
        t(`invitations.${act}`),
      );
    const goesOn = GOES_ON.includes(found.state);
    const mail = found.send_time ? "remind" : "mail";
    return el(
      "div",
      { class: "looks" },
      goesOn && button("copy", () => this.#copy(found, row)),
      goesOn && this.mail && found.email && button(mail, () => this.#mail([found], mail === "remind")),
      button("prolong", () => this.#prolong(found, row)),
      goesOn &&
        button("revoke", () =>
          this.#changed(row, () => api.revokeInvitation(this.job, found.invitation_id), "revoked"),
        ),
    );
  }

  // Browsers let pages write to the clipboard on https and this machine only; elsewhere the person does it.
  async #copy(found, row) {
    try {
      const { url } = await api.invitationLink(this.job, found.invitation_id);
      const sent = { ...found, state: found.state === "created" ? "sent" : found.state };
      const drawn = this.#row({ ...sent, send_time: found.send_time ?? new Date().toISOString() });
      row.replaceWith(drawn);
      try {
        await navigator.clipboard.writeText(url);
        this.said.textContent = t("invitations.copied", { name: found.candidate_name });
      } catch {
        const address = el("input", {
          readOnly: true,
          value: url,
          "aria-label": t("links.for", { name: found.candidate_name }),
        });
        drawn.lastChild.append(address);
        address.select();
        this.said.textContent = t("links.by_hand");
      }
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  #prolong(found, row) {
    const from = Math.max(Date.now(), new Date(found.expire_time).getTime());
    const until = new Date(from + LONGER_DAYS * 86_400_000).toISOString();
    return this.#changed(row, () => api.prolongInvitation(this.job, found.invitation_id, until), "prolonged");
  }

  async #changed(row, work, said) {
    try {
      const found = await work();
      row.replaceWith(this.#row(found));
      this.said.textContent = t(`invitations.${said}`, { name: found.candidate_name, when: moment(found.expire_time) });
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  async #mailAll() {
    try {
      const waiting = [];
      let from = "";
      do {
        const page = await api.invitations(this.job, "created", from);
        waiting.push(...page.invitations.filter((found) => found.email));
        from = page.next_page_token;
      } while (from);
      await this.#mail(waiting, false);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  async #mail(wanted, reminder) {
    const ids = wanted.map((found) => found.invitation_id);
    let sent = 0;
    const told = () => t("invitations.mailed", { n: sent, all: ids.length });
    try {
      for (let start = 0; start < ids.length; start += MAILS_AT_ONCE) {
        const { mails } = await api.mailInvitations(this.job, ids.slice(start, start + MAILS_AT_ONCE), reminder);
        sent += mails.filter((mail) => mail.sent).length;
        this.said.textContent = told();
      }
      this.said.textContent = told();
    } catch (error) {
      this.said.textContent = `${told()} ${error.message}`;
    }
    await this.load();
  }
}
