// Questions that a candidate is asked, one recording each.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

const MOST = 20; // as the server has it

export class QuestionsPanel {
  #boxes = [];

  constructor() {
    this.list = el("ol", { class: "videos", "aria-label": t("links.questions") });
    this.more = el(
      "button",
      {
        type: "button",
        onclick: () => {
          this.#add();
          this.#boxes.at(-1).focus();
        },
      },
      t("links.add"),
    );
    this.root = el("div", { class: "questions" }, this.list, el("div", { class: "actions" }, this.more));
    this.#add();
  }

  // The questions in order. Throws an Error where one is empty.
  values() {
    return this.#boxes.map((box, index) => {
      const question = box.value.trim();
      if (question) return question;
      box.focus();
      throw new Error(t("links.need_question", { n: index + 1 }));
    });
  }

  #add() {
    this.#boxes.push(el("textarea", { rows: "2", maxlength: "2000", required: true }));
    this.#draw();
  }

  #remove(box) {
    const place = this.#boxes.indexOf(box);
    this.#boxes.splice(place, 1);
    this.#draw();
    this.#boxes[Math.min(place, this.#boxes.length - 1)].focus();
  }

  #draw() {
    fill(
      this.list,
      this.#boxes.map((box, index) =>
        el(
          "li",
          { class: "video" },
          el("div", { class: "about" }, el("label", { class: "field" }, t("upload.question", { n: index + 1 }), box)),
          this.#boxes.length > 1 &&
            el(
              "button",
              {
                type: "button",
                class: "small",
                "aria-label": t("links.remove_n", { n: index + 1 }),
                onclick: () => this.#remove(box),
              },
              t("upload.remove"),
            ),
        ),
      ),
    );
    this.more.hidden = this.#boxes.length >= MOST;
  }
}
