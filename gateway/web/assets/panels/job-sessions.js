// The sessions of a job, newest first.

import * as api from "../api.js";
import { badge, el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";
import { outcome } from "./proposal.js";

export class JobSessionsPanel {
  constructor(job) {
    this.job = job;
    this.list = el("ul", { class: "videos" });
    this.said = el("p", { role: "status", class: "quiet small" });
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.load(this.next) }, t("sessions.more"));
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "handed" },
      el("h2", { id: "handed" }, t("jobs.sessions")),
      this.said,
      this.list,
      el("div", { class: "actions" }, this.more),
    );
  }

  async load(from = "") {
    try {
      const page = await api.sessions({ job_id: this.job }, from);
      if (!from) fill(this.list);
      this.list.append(...page.sessions.map(row));
      this.next = page.next_page_token;
      this.more.hidden = !this.next;
      this.said.textContent = this.list.childElementCount ? "" : t("jobs.no_sessions");
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}

function row(session) {
  return el(
    "li",
    { class: "video" },
    el(
      "span",
      { class: "about" },
      el("a", { href: `/halaman_dasboard.html?session=${session.session_id}` }, session.candidate_name),
      el("span", { class: "quiet small" }, ` ${moment(session.create_time)}`),
    ),
    badge(t(`state.${session.state}`)),
    session.review && outcome(session.review.decision),
  );
}
