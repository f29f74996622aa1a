// Who notes something: who signed in, or the name that is entered here and kept in this browser.

import * as api from "../api.js";
import { el } from "../dom.js";
import { whoever } from "../header.js";
import { t } from "../i18n.js";

const NAME = "interview_reviewer";

export class Person {
  #known = "";

  // `label`: what the field asks for.
  constructor(label = t("notes.author")) {
    this.field = el("input", {
      maxlength: "200",
      autocomplete: "name",
      value: localStorage.getItem(NAME) ?? "",
      onchange: () => localStorage.setItem(NAME, this.field.value.trim()),
    });
    this.root = el("label", { class: "field", hidden: true }, label, this.field);
    this.ready = whoever.then((found) => {
      this.#known = found?.name ?? "";
      return !found || api.may(found, "review");
    });
  }

  // The name; where none is known, nothing, and the field asks for it.
  name() {
    const name = this.#known || this.field.value.trim();
    if (!name) {
      this.root.hidden = false;
      this.field.focus();
    }
    return name;
  }
}
