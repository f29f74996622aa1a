// What a candidate may say of themselves, where the job asks for it: voluntary, apart from the answers, in counts only.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { language, t } from "../i18n.js";
import { button } from "./step.js";

// Adds the questions to what the page shows; nothing where nothing is asked.
export async function groupsAsked(token, below) {
  const found = await api.groupsAsked(token).catch(() => null);
  if (!found?.characteristics.length) return;
  const form = el("section", { class: "card step" });
  below.append(form);
  ask(form, token, found);
}

function ask(form, token, { characteristics, answered }) {
  const told = el("p", { role: "status" }, answered ? t("groups.answered") : "");
  const problem = el("p", { class: "problem", role: "alert" });
  const fields = characteristics.map(choice);
  const send = async (groups) => {
    problem.textContent = "";
    try {
      const kept = await api.giveGroups(token, groups);
      ask(form, token, { characteristics, answered: kept.answered });
      form.querySelector("[role=status]").textContent = t(kept.answered ? "groups.saved" : "groups.deleted");
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const submit = (event) => {
    event.preventDefault();
    send(Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value)));
  };
  fill(
    form,
    el("h2", {}, t("groups.title")),
    el("p", {}, t("groups.why")),
    el("p", {}, t("groups.apart")),
    el(
      "form",
      { onsubmit: submit },
      fields,
      told,
      problem,
      el(
        "div",
        { class: "actions" },
        el("button", { type: "submit" }, t("groups.save")),
        answered && button(t("groups.delete"), () => send({})),
      ),
    ),
  );
}

function choice(asked) {
  const options = [
    ...asked.categories.map((each) => [each.name, each[`title_${language}`]]),
    ["", t("groups.prefer_not")],
  ];
  return el(
    "fieldset",
    {},
    el("legend", {}, asked[`title_${language}`]),
    options.map(([value, title]) =>
      el(
        "label",
        { class: "agree" },
        el("input", { type: "radio", name: asked.name, value, checked: value === "" }),
        el("span", {}, title),
      ),
    ),
  );
}
