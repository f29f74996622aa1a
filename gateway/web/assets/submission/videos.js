// Choosing video files: drop zone, one card a file with its question.

import { clock, el, fill, size } from "../dom.js";
import { t } from "../i18n.js";

export class VideosPanel {
  #items = [];

  constructor(root) {
    const input = el("input", {
      type: "file",
      id: "files",
      class: "hidden",
      multiple: true,
      accept: "video/*,.mkv,.webm,.avi,.mov,.mp4",
      onchange: () => {
        this.#add(input.files);
        input.value = "";
      },
    });
    const drop = el(
      "label",
      { class: "drop", for: "files" },
      input,
      el("strong", {}, t("upload.choose")),
      t("upload.or_drop"),
      el("br"),
      el("span", { class: "small" }, t("upload.formats")),
    );
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, drop, true));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, drop, false));
    drop.addEventListener("drop", (event) => this.#add(event.dataTransfer.files));
    this.list = el("ol", { class: "videos", "aria-label": t("upload.chosen") });
    this.removeAll = el(
      "button",
      { type: "button", hidden: true, onclick: () => this.clear() },
      t("upload.remove_all"),
    );
    fill(root, drop, this.list, el("div", { class: "actions" }, this.removeAll));
  }

  clear() {
    for (const item of this.#items) URL.revokeObjectURL(item.url);
    this.#items = [];
    this.#draw();
  }

  // The files with their questions. Throws an Error that says what is missing.
  entries() {
    if (!this.#items.length) throw new Error(t("upload.need_video"));
    return this.#items.map(({ file, box }, index) => {
      const question = box.value.trim();
      if (!question) {
        box.focus();
        throw new Error(t("upload.need_question", { n: index + 1 }));
      }
      return { file, question };
    });
  }

  #add(files) {
    for (const file of files) {
      const url = URL.createObjectURL(file);
      this.#items.push({
        file,
        url,
        box: el("textarea", { rows: "2", maxlength: "2000", required: true }),
        preview: preview(url),
      });
    }
    this.#draw();
  }

  #remove(item) {
    URL.revokeObjectURL(item.url);
    this.#items = this.#items.filter((other) => other !== item);
    this.#draw();
  }

  #draw() {
    fill(
      this.list,
      this.#items.map((item, index) =>
        el(
          "li",
          { class: "video" },
          item.preview,
          el(
            "div",
            { class: "about" },
            el(
              "div",
              { class: "between" },
              el(
                "span",
                {},
                el("span", { class: "name" }, `${index + 1}. ${item.file.name} `),
                el("span", { class: "quiet small" }, size(item.file.size)),
              ),
              el(
                "button",
                {
                  type: "button",
                  class: "small",
                  "aria-label": t("upload.remove_n", { n: index + 1 }),
                  onclick: () => this.#remove(item),
                },
                t("upload.remove"),
              ),
            ),
            el("label", { class: "field" }, t("upload.question", { n: index + 1 }), item.box),
          ),
        ),
      ),
    );
    this.removeAll.hidden = this.#items.length < 2;
  }
}

// The recording to look into, with its length; a browser that cannot play it says so.
function preview(url) {
  const length = el("span", { class: "quiet small" });
  const video = el("video", {
    src: url,
    controls: true,
    muted: true,
    preload: "metadata",
    width: "160",
    onloadedmetadata: () => {
      if (Number.isFinite(video.duration)) length.textContent = clock(video.duration);
    },
    onerror: () => {
      video.hidden = true;
      length.textContent = t("upload.no_preview");
    },
  });
  return el("div", { class: "preview" }, video, length);
}

function over(event, drop, entered) {
  event.preventDefault();
  drop.classList.toggle("over", entered);
}
