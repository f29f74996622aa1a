// Choosing video files: drop zone, one card a file with its question.

import { el, fill, size } from "../dom.js";

export class VideosPanel {
  #items = [];

  constructor(root) {
    const input = el("input", {
      type: "file", id: "files", class: "hidden", multiple: true, accept: "video/*,.mkv,.webm,.avi,.mov,.mp4",
      onchange: () => { this.#add(input.files); input.value = ""; },
    });
    const drop = el("label", { class: "drop", for: "files" },
      input, el("strong", {}, "Choose videos"), " or drop them here", el("br"),
      el("span", { class: "small" }, "MP4, WebM, MOV, MKV or AVI; one file for each answer"));
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, drop, true));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, drop, false));
    drop.addEventListener("drop", (event) => this.#add(event.dataTransfer.files));
    this.list = el("ol", { class: "videos", "aria-label": "Chosen videos" });
    this.removeAll = el("button", { type: "button", hidden: true, onclick: () => this.clear() }, "Remove all");
    fill(root, drop, this.list, el("div", { class: "actions" }, this.removeAll));
  }

  clear() {
    this.#items = [];
    this.#draw();
  }

  // The files with their questions. Throws an Error that says what is missing.
  entries() {
    if (!this.#items.length) throw new Error("Add at least one video.");
    return this.#items.map(({ file, box }, index) => {
      const question = box.value.trim();
      if (!question) {
        box.focus();
        throw new Error(`Enter the question of video ${index + 1}.`);
      }
      return { file, question };
    });
  }

  #add(files) {
    for (const file of files) {
      this.#items.push({ file, box: el("textarea", { rows: "2", maxlength: "2000", required: true }) });
    }
    this.#draw();
  }

  #remove(item) {
    this.#items = this.#items.filter((other) => other !== item);
    this.#draw();
  }

  #draw() {
    fill(this.list, this.#items.map((item, index) => el("li", { class: "video" },
      el("div", { class: "between" },
        el("span", {}, el("span", { class: "name" }, `${index + 1}. ${item.file.name} `),
          el("span", { class: "quiet small" }, size(item.file.size))),
        el("button", {
          type: "button", "aria-label": `Remove video ${index + 1}`, onclick: () => this.#remove(item),
        }, "Remove")),
      el("label", { class: "field" }, `Question ${index + 1}`, item.box))));
    this.removeAll.hidden = this.#items.length < 2;
  }
}

function over(event, drop, entered) {
  event.preventDefault();
  drop.classList.toggle("over", entered);
}
