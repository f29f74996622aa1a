// What people note on a session: the shortlist, and comments for those who see it.

import * as api from "../api.js";
import { el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";
import { Person } from "./person.js";
import { shortlistButton } from "./shortlist.js";

export class NotesPanel {
  constructor(session) {
    this.id = session.session_id;
    this.person = new Person();
    this.said = el("p", { role: "status", class: "small" });
    this.list = el("ul", { class: "comments" });
    this.text = el("textarea", { rows: "2", maxlength: "4000" });
    const star = shortlistButton(session, this.person, (message) => this.#say(message), true);
    this.root = el(
      "section",
      { class: "card", "aria-labelledby": "notes" },
      el("div", { class: "between" }, el("h2", { id: "notes" }, t("notes.title")), star),
      this.list,
      this.#form(),
      this.said,
    );
    this.#load();
  }

  #form() {
    const form = el(
      "form",
      { hidden: true, onsubmit: (event) => this.#add(event) },
      el("label", { class: "field" }, t("notes.comment"), this.text),
      el("p", { class: "quiet small" }, t("notes.help")),
      this.person.root,
      el("div", { class: "actions" }, el("button", { type: "submit" }, t("notes.add"))),
    );
    this.person.ready.then((may) => {
      form.hidden = !may;
    });
    return form;
  }

  async #load() {
    try {
      const { comments } = await api.comments(this.id);
      fill(
        this.list,
        comments.map((comment) => this.#row(comment)),
      );
    } catch (error) {
      this.#say(error.message);
    }
  }

  async #add(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) {
      this.text.focus();
      return;
    }
    const author = this.person.name();
    if (!author) {
      this.#say(t("notes.need_name"));
      return;
    }
    await this.#tried(async () => {
      this.list.append(this.#row(await api.comment(this.id, text, author)));
      this.text.value = "";
      this.#say(t("notes.added"));
    });
  }

  #row(comment) {
    const row = el(
      "li",
      {},
      el("p", { class: "quiet small" }, `${comment.author} · ${moment(comment.create_time)} `),
      el("p", { class: "text" }, comment.text),
      comment.deletable &&
        el(
          "button",
          {
            type: "button",
            class: "small",
            "aria-label": t("notes.delete_of", { name: comment.author, when: moment(comment.create_time) }),
            onclick: () => this.#delete(comment, row),
          },
          t("sessions.delete"),
        ),
    );
    return row;
  }

  async #delete(comment, row) {
    const actor = this.person.name();
    if (!actor) {
      this.#say(t("notes.need_name"));
      return;
    }
    await this.#tried(async () => {
      await api.deleteComment(this.id, comment.comment_id, actor);
      row.remove();
      this.#say(t("sessions.deleted"));
      this.text.focus();
    });
  }

  async #tried(act) {
    try {
      await act();
    } catch (error) {
      this.#say(error.message);
    }
  }

  #say(message) {
    this.said.textContent = message;
  }
}
