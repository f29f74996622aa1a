// A job's candidates as a table: sorted by a click on a column's name, filtered, and chosen to be compared.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { distribution } from "./distribution.js";
import { Filters } from "./filters.js";
import { Person } from "./person.js";
import { candidateRow } from "./row.js";
import { shortlistButton } from "./shortlist.js";
import { SortedHead } from "./sorting.js";
import { rememberRow } from "./steps.js";

const FEWEST = 2,
  MOST = 4;

export class CandidatesPanel {
  #asked = 0; // only the answer to the last question counts
  #chosen = new Map();

  constructor(job) {
    this.job = job;
    this.filters = new Filters(() => this.load());
    this.head = new SortedHead(() => this.load());
    this.body = el("tbody");
    this.said = el("p", { role: "status", class: "quiet small" });
    this.picture = el("div", {});
    this.person = new Person();
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.load(this.next) }, t("sessions.more"));
    this.compare = el("a", { class: "button primary", hidden: true });
    // Where there is nobody yet, there is nothing to sort or to choose from.
    this.parts = el(
      "div",
      { hidden: true },
      el("p", { class: "quiet small" }, t("candidates.scale")),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": t("candidates.table") },
        el("table", { class: "candidates stacked" }, this.head.root, this.body),
      ),
    );
    this.root = el(
      "section",
      { class: "card", id: "candidates", "aria-labelledby": "candidates-title" },
      el("h2", { id: "candidates-title" }, t("candidates.title")),
      this.picture,
      this.filters.root,
      this.person.root,
      this.said,
      this.parts,
      el("div", { class: "actions" }, this.compare, this.more),
    );
  }

  async load(from = "") {
    this.#asked += 1;
    const mine = this.#asked;
    const wanted = { ...this.head.wanted(), ...this.filters.wanted() };
    try {
      const page = await api.candidates(this.job, wanted, from);
      if (mine !== this.#asked) return;
      if (!from) fill(this.body);
      this.body.append(...page.candidates.map((found) => this.#row(found)));
      this.ids = (from ? this.ids : []).concat(page.candidates.map((found) => found.session_id));
      rememberRow(this.job, this.ids);
      this.next = page.next_page_token;
      this.more.hidden = !this.next;
      fill(this.picture, distribution(page.totals));
      this.said.textContent = this.#count(page.fitting);
      this.parts.hidden = !page.fitting;
      this.filters.root.hidden = !page.fitting && !this.filters.any();
    } catch (error) {
      if (mine === this.#asked) this.said.textContent = error.message;
    }
  }

  #count(fitting) {
    if (fitting) return t("candidates.fitting", { n: fitting });
    return t(this.filters.any() ? "candidates.none_fit" : "jobs.no_sessions");
  }

  #row(found) {
    const box = el("input", {
      type: "checkbox",
      checked: this.#chosen.has(found.session_id),
      "aria-label": t("candidates.choose", { name: found.candidate_name }),
      onchange: () => this.#choose(found, box),
    });
    const star = shortlistButton(found, this.person, (message) => {
      this.said.textContent = message;
    });
    return candidateRow(found, box, star);
  }

  #choose(found, box) {
    if (!box.checked) this.#chosen.delete(found.session_id);
    else if (this.#chosen.size < MOST) this.#chosen.set(found.session_id, found.candidate_name);
    else {
      box.checked = false;
      this.said.textContent = t("candidates.too_many", { n: MOST });
    }
    const sessions = [...this.#chosen.keys()].join(",");
    this.compare.hidden = this.#chosen.size < FEWEST;
    this.compare.textContent = t("candidates.compare", { n: this.#chosen.size });
    this.compare.href = `/compare.html?sessions=${sessions}`;
  }
}
