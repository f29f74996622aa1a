// Recordings by link: a JSON text, typed or dropped as a file.

import { el, fill } from "../dom.js";

const EXAMPLE = JSON.stringify({
  success: true,
  data: {
    candidate: { name: "Siti Rahma" },
    reviewChecklists: {
      interviews: [
        {
          positionId: 1, question: "Tell us about yourself.", isVideoExist: true,
          recordedVideoUrl: "https://drive.google.com/file/d/FILE_ID/view",
        },
        {
          positionId: 2, question: "Why this position?", isVideoExist: true,
          recordedVideoUrl: "https://example.org/answer-2.webm",
        },
      ],
    },
  },
}, null, 2);

export class JsonPanel {
  constructor(root) {
    this.box = el("textarea", { class: "code", rows: "12", spellcheck: "false", placeholder: EXAMPLE });
    const input = el("input", {
      type: "file", id: "json-file", class: "hidden", accept: ".json,application/json",
      onchange: () => { this.#read(input.files[0]); input.value = ""; },
    });
    const drop = el("label", { class: "drop", for: "json-file" },
      input, el("strong", {}, "Choose a JSON file"), " or drop it here");
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragenter" || name === "dragover");
      });
    }
    drop.addEventListener("drop", (event) => this.#read(event.dataTransfer.files[0]));
    fill(root, drop,
      el("label", { class: "field" }, "Interviews as JSON, with Google Drive or direct links", this.box),
      el("div", { class: "actions" },
        el("button", { type: "button", onclick: () => { this.box.value = EXAMPLE; } }, "Insert the example"),
        el("button", { type: "button", onclick: () => { this.box.value = ""; } }, "Remove")));
  }

  // The body to send; `language` counts where the text names none. Throws an Error for what is no JSON.
  body(language) {
    let body;
    try {
      body = JSON.parse(this.box.value);
    } catch (error) {
      throw new Error(this.box.value.trim() ? `This is not valid JSON: ${error.message}` : "Enter the JSON.");
    }
    return body !== null && typeof body === "object" && !Array.isArray(body) ? { language, ...body } : body;
  }

  async #read(file) {
    if (file) this.box.value = await file.text();
  }
}
