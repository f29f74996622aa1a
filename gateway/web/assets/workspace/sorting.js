// A table's head whose columns sort it, and what was chosen, kept in the page's address.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { remember } from "./address.js";

const COLUMNS = ["name", "outcome", "total", "findings", "decision", "created"];
const FALLING = new Set(["outcome", "total", "findings", "created"]); // the largest or latest first at the first click

export class SortedHead {
  constructor(changed) {
    this.changed = changed;
    const known = new URLSearchParams(location.search);
    this.order = COLUMNS.includes(known.get("order")) ? known.get("order") : "created";
    this.descending = known.has("descending") ? known.get("descending") === "true" : FALLING.has(this.order);
    this.row = el("tr");
    this.root = el("thead", {}, this.row);
    this.#draw();
  }

  wanted() {
    return { order: this.order, descending: this.descending };
  }

  #draw() {
    fill(
      this.row,
      el("th", {}, el("span", { class: "hidden" }, t("candidates.choose_column"))),
      COLUMNS.map((name) => [
        this.#column(name),
        name === "name" && el("th", { scope: "col" }, el("span", { class: "hidden" }, t("shortlist.title"))),
      ]),
    );
  }

  #column(name) {
    const mine = name === this.order;
    const sorted = this.descending ? "descending" : "ascending";
    return el(
      "th",
      { scope: "col", "aria-sort": mine ? sorted : undefined },
      el(
        "button",
        { type: "button", class: "sort", "data-by": name, onclick: () => this.#sort(name) },
        t(`candidates.by.${name}`),
        el("span", { "aria-hidden": "true" }, mine ? (this.descending ? " ↓" : " ↑") : ""),
      ),
    );
  }

  #sort(name) {
    this.descending = name === this.order ? !this.descending : FALLING.has(name);
    this.order = name;
    this.#draw();
    this.row.querySelector(`[data-by="${name}"]`).focus();
    remember(this.wanted());
    this.changed();
  }
}
