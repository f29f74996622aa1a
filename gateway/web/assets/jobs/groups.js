// What a job asks of its candidates' groups, and the way to its report.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { language, t } from "../i18n.js";

const READY = ["sex", "race_ethnicity", "age_band"];

export class GroupsPanel {
  // `may`: whether this person changes the job; `audits`: whether they see the report.
  constructor(jobId, may, audits) {
    this.jobId = jobId;
    this.may = may;
    this.audits = audits;
    this.body = el("div");
    this.told = el("p", { role: "status" });
    this.root = el(
      "details",
      { class: "card" },
      el("summary", {}, t("impact.panel")),
      el("p", { class: "small" }, t("impact.panel_why")),
      this.body,
      this.told,
      audits &&
        el("p", {}, el("a", { href: `/impact.html?${new URLSearchParams({ job: jobId })}` }, t("impact.title"))),
    );
  }

  async load() {
    try {
      this.#show((await api.groupQuestions(this.jobId)).characteristics);
    } catch (error) {
      this.told.textContent = error.message;
    }
  }

  #show(asked) {
    const names = asked.map((each) => each.name);
    const own = asked.filter((each) => !READY.includes(each.name));
    const submit = (event) => {
      event.preventDefault();
      const chosen = new FormData(event.target).getAll("name");
      this.#save([...asked.filter((each) => chosen.includes(each.name)), ...added(chosen, names)]);
    };
    fill(
      this.body,
      el(
        "form",
        { onsubmit: submit },
        el(
          "fieldset",
          { class: "plain", disabled: !this.may },
          [
            ...READY.map((name) => [name, t(`impact.${name}`)]),
            ...own.map((e) => [e.name, e[`title_${language}`]]),
          ].map(([name, title]) =>
            el(
              "label",
              { class: "check" },
              el("input", { type: "checkbox", name: "name", value: name, checked: names.includes(name) }),
              ` ${title}`,
            ),
          ),
          this.may && el("div", { class: "actions" }, el("button", { type: "submit" }, t("impact.ask"))),
        ),
      ),
    );
  }

  async #save(characteristics) {
    this.told.textContent = "";
    if (!characteristics.length && !confirm(t("impact.stop"))) return;
    try {
      this.#show((await api.askGroups(this.jobId, characteristics)).characteristics);
      this.told.textContent = t("impact.asked");
    } catch (error) {
      this.told.textContent = error.message;
    }
  }
}

function added(chosen, names) {
  return chosen.filter((name) => !names.includes(name)).map((name) => ({ name }));
}
