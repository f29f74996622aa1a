// Recordings by link: a JSON text, typed or dropped as a file.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

const EXAMPLE = JSON.stringify(
  {
    success: true,
    data: {
      candidate: { name: "Siti Rahma" },
      reviewChecklists: {
        interviews: [
          {
            positionId: 1,
            question: "Tell us about yourself.",
            isVideoExist: true,
            recordedVideoUrl: "https://drive.google.com/file/d/FILE_ID/view",
          },
          {
            positionId: 2,
            question: "Why this position?",
            isVideoExist: true,
            recordedVideoUrl: "https://example.org/answer-2.webm",
          },
        ],
      },
    },
  },
  null,
  2,
);

export class JsonPanel {
  constructor(root) {
    this.box = el("textarea", {
      class: "code",
      rows: "12",
      spellcheck: "false",
      placeholder: EXAMPLE,
      oninput: () => this.#look(),
    });
    const input = el("input", {
      type: "file",
      id: "json-file",
      class: "hidden",
      accept: ".json,application/json",
      onchange: () => {
        this.#read(input.files[0]);
        input.value = "";
      },
    });
    const drop = el(
      "label",
      { class: "drop", for: "json-file" },
      input,
      el("strong", {}, t("upload.choose_json")),
      t("upload.or_drop"),
    );
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragenter" || name === "dragover");
      });
    }
    drop.addEventListener("drop", (event) => this.#read(event.dataTransfer.files[0]));
    fill(
      root,
      drop,
      el("label", { class: "field" }, t("upload.json_label"), this.box),
      el(
        "div",
        { class: "actions" },
        el(
          "button",
          {
            type: "button",
            onclick: () => {
              this.box.value = EXAMPLE;
              this.#look();
            },
          },
          t("upload.insert_example"),
        ),
        el(
          "button",
          {
            type: "button",
            onclick: () => {
              this.box.value = "";
              this.#look();
            },
          },
          t("upload.remove"),
        ),
      ),
      (this.found = el("p", { class: "quiet small", role: "status" })),
    );
  }

  // The body to send; `language` counts where the text names none. Throws an Error that says what is wrong.
  body(language, more) {
    if (!this.box.value.trim()) throw new Error(t("upload.need_json"));
    let body;
    try {
      body = JSON.parse(this.box.value);
    } catch (error) {
      throw new Error(t("upload.bad_json", { why: error.message }), { cause: error });
    }
    check(body);
    return { language, ...more, ...body };
  }

  #look() {
    try {
      const body = this.body("en", {});
      const { name, items } = parts(body);
      this.found.textContent = t("upload.json_found", {
        name,
        count: items.filter((item) => item.isVideoExist !== false).length,
      });
    } catch (error) {
      this.found.textContent = this.box.value.trim() ? error.message : "";
    }
  }

  async #read(file) {
    if (!file) return;
    this.box.value = await file.text();
    this.#look();
  }
}

function parts(body) {
  if ("interviews" in body || "candidate_name" in body) return { name: body.candidate_name, items: body.interviews };
  return { name: body.data?.candidate?.name, items: body.data?.reviewChecklists?.interviews };
}

function check(body) {
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw new Error(t("upload.json_object"));
  const { name, items } = parts(body);
  if (!name && !items) throw new Error(t("upload.json_object"));
  if (typeof name !== "string" || !name.trim()) throw new Error(t("upload.json_name"));
  if (!Array.isArray(items) || !items.length) throw new Error(t("upload.json_list"));
  items.forEach((item, index) => {
    if (item?.isVideoExist === false) return;
    if (!item?.question?.trim()) throw new Error(t("upload.json_question", { n: index + 1 }));
    if (!/^https?:\/\//.test(item.recordedVideoUrl ?? "")) throw new Error(t("upload.json_url", { n: index + 1 }));
  });
}
