// Who sees a job beside admins and auditors.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

const LIMITED = new Set(["recruiter", "reviewer"]);

export class TeamPanel {
  // `admin`: whether this person changes the team.
  constructor(jobId, admin) {
    this.jobId = jobId;
    this.admin = admin;
    this.body = el("div");
    this.said = el("p", { role: "status", class: "small" });
    this.root = el(
      "details",
      { class: "card" },
      el("summary", {}, t("team.title")),
      el("p", { class: "small" }, t("team.hint")),
      this.body,
      this.said,
    );
  }

  async load() {
    try {
      const [{ team }, choices] = await Promise.all([api.team(this.jobId), this.admin ? this.#choices() : []]);
      this.#show(team, choices);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  // Members and keys that a team limits; admins and auditors see every job.
  async #choices() {
    const [{ members }, { keys }] = await Promise.all([api.members(), api.keys()]);
    const limited = ({ scopes }) => !scopes.includes("admin") && !scopes.includes("audit");
    return [
      ...members
        .filter(({ role }) => LIMITED.has(role))
        .map((member) => ({ principal_id: member.member_id, name: member.name || member.email })),
      ...keys
        .filter((key) => !key.revoke_time && limited(key))
        .map((key) => ({ principal_id: `key:${key.key_id}`, name: t("team.key", { name: key.name }) })),
    ];
  }

  #show(team, choices) {
    const inside = new Set(team.map((each) => each.principal_id));
    const names = team.map((each) => each.name || t("team.gone"));
    const said = el("p", {}, names.length ? t("team.limited", { names: names.join(", ") }) : t("team.open"));
    const left = team.filter((each) => !choices.some((choice) => choice.principal_id === each.principal_id));
    fill(this.body, said, this.admin && this.#form([...choices, ...left], inside));
  }

  #form(choices, inside) {
    const boxes = choices.map(({ principal_id, name }) =>
      el(
        "label",
        { class: "check" },
        el("input", { type: "checkbox", name: "principal", value: principal_id, checked: inside.has(principal_id) }),
        ` ${name || t("team.gone")}`,
      ),
    );
    const submit = (event) => {
      event.preventDefault();
      this.#save(new FormData(event.target).getAll("principal"));
    };
    return el(
      "form",
      { onsubmit: submit },
      el("fieldset", { class: "plain" }, el("legend", {}, t("team.who")), boxes.length ? boxes : t("team.nobody")),
      el("div", { class: "actions" }, el("button", { type: "submit" }, t("team.save"))),
    );
  }

  async #save(principals) {
    try {
      await api.setTeam(this.jobId, principals);
      await this.load();
      this.said.textContent = t("team.saved");
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
