// Inviting to a job: one candidate, or many from a CSV file that is looked through first.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

export class InvitePanel {
  // `changed` is called when somebody was invited.
  constructor(job, changed) {
    this.job = job;
    this.changed = changed;
    this.name = el("input", { name: "candidate", maxlength: "200", autocomplete: "off" });
    this.email = el("input", { name: "email", maxlength: "254", autocomplete: "off", inputmode: "email" });
    this.file = el("input", { type: "file", accept: ".csv,text/csv,text/plain", onchange: () => this.#look() });
    this.said = el("p", { role: "status" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.found = el("div");
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "invite" },
      el("h2", { id: "invite" }, t("invite.title")),
      el(
        "form",
        {
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.#one();
          },
        },
        el(
          "div",
          { class: "row" },
          el("label", { class: "field" }, t("upload.candidate"), this.name),
          el("label", { class: "field" }, t("invite.email"), this.email),
        ),
        el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("invite.one"))),
      ),
      el("label", { class: "field apart" }, t("invite.many"), this.file),
      el("p", { class: "quiet small" }, t("invite.many_help")),
      this.problem,
      this.said,
      this.found,
    );
  }

  async #one() {
    const name = this.name.value.trim();
    if (!name) {
      this.name.focus();
      this.problem.textContent = t("upload.need_name");
      return;
    }
    if (!(await this.#invite([{ candidate_name: name, email: this.email.value.trim() }]))) return;
    this.name.value = this.email.value = "";
    this.name.focus();
  }

  async #look() {
    fill(this.found);
    this.problem.textContent = this.said.textContent = "";
    const file = this.file.files[0];
    if (!file) return;
    try {
      const checked = await api.checkCandidates(this.job, await file.text());
      this.#show(checked);
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }

  #show({ candidates, problems }) {
    if (problems.length) {
      this.problem.textContent = t("invite.problems", { n: problems.length });
      fill(
        this.found,
        el(
          "ul",
          {},
          problems.map(({ line, reason }) =>
            el("li", {}, t("invite.line", { line, why: t(`invite.problem.${reason}`) })),
          ),
        ),
      );
    } else if (candidates.length) {
      const act = async () => {
        if (await this.#invite(candidates)) this.file.value = "";
      };
      const names = candidates.map((candidate) => candidate.candidate_name).join(", ");
      fill(
        this.found,
        el("p", { class: "text" }, names),
        el("button", { type: "button", class: "primary", onclick: act }, t("invite.all", { n: candidates.length })),
      );
    } else this.problem.textContent = t("invite.nobody");
  }

  async #invite(candidates) {
    this.problem.textContent = this.said.textContent = "";
    try {
      const { invitations } = await api.invite(this.job, candidates);
      fill(this.found);
      this.said.textContent = t("invite.done", { n: invitations.length });
      this.changed();
      return true;
    } catch (error) {
      this.problem.textContent = error.message;
      return false;
    }
  }
}
