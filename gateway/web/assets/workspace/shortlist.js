// A mark that puts a candidate on the shortlist or takes them off it. It decides nothing.

import * as api from "../api.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";

// `found` has `session_id`, `candidate_name` and `shortlist_time`; `say` tells what became of it.
export function shortlistButton(found, person, say, words = false) {
  let on = Boolean(found.shortlist_time);
  const name = found.candidate_name;
  const mark = el("span", { "aria-hidden": "true" });
  const button = el(
    "button",
    {
      type: "button",
      class: "star small",
      disabled: true,
      "aria-label": t("shortlist.for", { name }),
      onclick: toggle,
    },
    mark,
    words && ` ${t("shortlist.title")}`,
  );
  person.ready.then((may) => {
    button.disabled = !may;
  });
  draw();
  return button;

  function draw() {
    mark.textContent = on ? "★" : "☆";
    button.setAttribute("aria-pressed", String(on));
  }

  async function toggle() {
    const actor = person.name();
    if (!actor) {
      say(t("notes.need_name"));
      return;
    }
    try {
      on = Boolean((await api.setShortlisted(found.session_id, !on, actor)).shortlist_time);
      draw();
      say(t(on ? "shortlist.on" : "shortlist.off", { name }));
    } catch (error) {
      say(error.message);
    }
  }
}
