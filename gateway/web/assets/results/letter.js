// The letter to the candidate: drafted from the evidence, read and changed by a person, sent by mail or passed on.

import * as api from "../api.js";
import { badge, el, fill, moment } from "../dom.js";
import { t } from "../i18n.js";
import { Person } from "../workspace/person.js";

const KINDS = { draft: "", edited: "warn", sent: "good" };

export class LetterPanel {
  constructor(session) {
    this.id = session.session_id;
    this.person = new Person(t("decision.name"));
    this.body = el("div", {});
    this.state = el("span", {});
    this.said = el("p", { role: "status", class: "small" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.root = el(
      "details",
      { class: "card", ontoggle: () => this.root.open && this.#load() },
      el("summary", {}, el("h2", { id: "letter" }, t("letter.title")), this.state),
      el("p", { class: "quiet small" }, t("letter.lead")),
      this.body,
      this.problem,
      this.said,
    );
  }

  async #load() {
    if (this.loaded) return;
    this.loaded = true;
    this.may = await this.person.ready;
    await this.#tried(async () => this.#draw(await api.letter(this.id)));
  }

  #draw(letter) {
    this.letter = letter;
    fill(this.state, letter && badge(t(`letter.state.${letter.state}`), KINDS[letter.state]));
    fill(this.body, letter ? this.#letter(letter) : null, this.may && letter?.state !== "sent" && this.#drafting());
  }

  #letter(letter) {
    this.text = el("textarea", {
      class: "letter",
      rows: "24",
      maxlength: "20000",
      lang: letter.language,
    });
    this.text.value = letter.text;
    this.text.readOnly = letter.state === "sent" || !this.may;
    const by = letter.send_time
      ? t("letter.sent_by", {
          name: letter.sender,
          when: moment(letter.send_time),
          way: t(`letter.way.${letter.way}`),
        })
      : t("letter.by", { name: letter.author, when: moment(letter.update_time) });
    return [
      el("p", { class: "quiet small" }, by),
      this.#warnings(letter),
      el("label", { class: "field" }, t("letter.text"), this.text),
      letter.state !== "sent" && this.may && this.person.root,
      el(
        "div",
        { class: "actions" },
        letter.state !== "sent" && this.may && this.#button("save", () => this.#save(), "primary"),
        el("a", { class: "button", href: `/v1/sessions/${this.id}/letter.pdf`, target: "_blank" }, t("letter.pdf")),
        this.#button("copy", () => this.#copy()),
      ),
      letter.state !== "sent" && this.may && this.#sending(letter),
      letter.state === "sent" && letter.under_link && el("p", { class: "small" }, t("letter.readable")),
    ];
  }

  #warnings(letter) {
    const unfinished = letter.text.includes("[[");
    if (!unfinished && !letter.unfounded_quotes.length) return null;
    return el(
      "ul",
      { class: "warn small" },
      unfinished && el("li", {}, t("letter.unfinished")),
      letter.unfounded_quotes.map((quote) => el("li", {}, t("letter.unfounded", { quote }))),
    );
  }

  #sending(letter) {
    this.email = el("input", { inputmode: "email", maxlength: "254", autocomplete: "off", value: letter.email });
    return el(
      "fieldset",
      { class: "sending" },
      el("legend", {}, t("letter.send")),
      letter.under_link && el("p", { class: "small" }, t("letter.will_be_readable")),
      letter.mail ? el("label", { class: "field" }, t("letter.email"), this.email) : null,
      !letter.mail && el("p", { class: "quiet small" }, t("letter.no_mail")),
      el(
        "div",
        { class: "actions" },
        letter.mail && this.#button("mail", () => this.#send("mail")),
        this.#button("by_hand", () => this.#send("by_hand")),
      ),
    );
  }

  #drafting() {
    const spoken = el(
      "select",
      {},
      el("option", { value: "" }, t("letter.candidates_language")),
      ["en", "id"].map((code) => el("option", { value: code }, t(`language.${code}`))),
    );
    const points = el("input", { type: "checkbox" });
    const form = [
      el("label", { class: "field" }, t("letter.language"), spoken),
      el("p", { class: "checks" }, el("label", {}, points, ` ${t("letter.points")}`)),
      this.letter ? null : this.person.root,
      el(
        "div",
        { class: "actions" },
        this.#button(
          "draft",
          () => this.#draft(spoken.value, points.checked),
          this.letter ? "" : "primary",
          this.letter ? "letter.draft_again" : "letter.draft",
        ),
      ),
    ];
    return this.letter ? el("details", {}, el("summary", {}, t("letter.again")), form) : form;
  }

  #button(name, act, kind = "", text = `letter.${name}`) {
    return el("button", { type: "button", class: kind, onclick: act }, t(text));
  }

  async #draft(spoken, points) {
    await this.#as(async (author) => {
      this.#draw(await api.draftLetter(this.id, { language: spoken, author, name_points: points }));
      this.said.textContent = t("letter.drafted");
      this.text.focus();
      this.text.setSelectionRange(0, 0);
      this.text.scrollTop = 0;
    });
  }

  async #save() {
    await this.#as(async (author) => {
      await this.#saved(author);
      this.said.textContent = t("letter.saved");
    });
  }

  async #saved(author) {
    const { revision } = this.letter;
    if (this.text.value.trim() === this.letter.text.trim()) return;
    this.#draw(await api.editLetter(this.id, { text: this.text.value, revision, author }));
  }

  // What is sent is what stands in the field.
  async #send(way) {
    await this.#as(async (sender) => {
      const email = this.email.value.trim();
      await this.#saved(sender);
      const { revision } = this.letter;
      this.#draw(await api.sendLetter(this.id, { way, revision, email, sender }));
      this.said.textContent = t("letter.sent");
    });
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text.value);
      this.said.textContent = t("links.copied");
    } catch {
      this.text.select();
      this.said.textContent = t("links.by_hand");
    }
  }

  async #as(act) {
    const name = this.person.name();
    if (name) await this.#tried(() => act(name));
    else this.problem.textContent = t("notes.need_name");
  }

  async #tried(act) {
    this.problem.textContent = "";
    this.said.textContent = "";
    try {
      await act();
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }
}
