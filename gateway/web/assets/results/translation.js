// Translations: those that are there, those on their way, and those that somebody may ask for.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

const COMING = new Set(["pending", "running"]);

// The translations of one session's answers. They show themselves as they come; the page need not be loaded again.
export class Translations {
  #boxes = new Map();
  #following = false;

  constructor(id, result, session) {
    this.id = id;
    this.policy = result.metadata?.policy?.translation;
    this.stages = (session?.answers ?? []).map(stageOf);
    if (session?.translating) this.#follow();
  }

  // What stands beside the words of an answer; `reading` is filled with the translation.
  box(index, result, reading) {
    const made = { root: el("div", { class: "translation", role: "status" }), reading, result };
    this.#boxes.set(index, made);
    this.#show(index);
    return made.root;
  }

  #show(index) {
    const { root, reading, result } = this.#boxes.get(index);
    const said = result[`transkripsi_${reading.lang}`];
    reading.hidden = !said;
    if (reading.textContent !== said) fill(reading, said);
    fill(root, said ? notes(result) : this.#missing(index, result));
  }

  #missing(index, result) {
    const published = result.modalities?.translate,
      now = this.stages[index];
    const state = COMING.has(now?.state) || now?.state === "failed" ? now.state : published?.state;
    if (COMING.has(state)) return el("p", { class: "quiet" }, t("transcript.coming"));
    if (result.provenance?.translation) return el("p", { class: "quiet" }, t("transcript.none"));
    if (!result.evidence?.transcript?.segments?.length) return null;
    if (this.policy === "never") return el("p", { class: "quiet" }, t("transcript.never"));
    const why = now?.error?.message ?? published?.error_message;
    return [
      state === "failed" &&
        el("p", { class: "warn" }, `${t("transcript.none")} `, el("span", { lang: "en" }, why ?? "")),
      el("button", { type: "button", class: "small", onclick: () => this.#ask(index) }, t("transcript.translate")),
    ];
  }

  async #ask(index) {
    try {
      const asked = await api.translate(this.id, index);
      this.stages[index] = asked;
      this.#show(index);
      if (asked.state === "completed") await this.#load();
      else this.#follow();
    } catch (error) {
      this.#boxes.get(index).root.append(el("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  #follow() {
    if (this.#following) return;
    this.#following = true;
    let standing = "";
    api.follow(
      this.id,
      (body) => {
        if (!api.hasEnded(body)) return; // the server does not answer just now
        this.stages = (body.videos ?? []).map(stageOf);
        this.#following = Boolean(body.translating);
        const before = standing;
        standing = this.stages.map((stage) => stage?.state).join();
        if (standing !== before) this.#load();
      },
      (body) => api.hasEnded(body) && !body.translating,
    );
  }

  async #load() {
    const result = await api.results(this.id).catch(() => null);
    if (!result) return;
    for (const [index, box] of this.#boxes) {
      box.result = result.content[index].result;
      this.#show(index);
    }
  }
}

function notes(result) {
  const mismatches = result.evidence?.translation_mismatches ?? [];
  return [
    result.provenance?.translation?.grade === "gist" && el("p", { class: "quiet small" }, t("transcript.gist")),
    mismatches.length > 0 &&
      el("p", { class: "warn small" }, t("transcript.mismatch", { what: mismatches.join(", ") })),
  ];
}

function stageOf(answer) {
  return (answer.stages ?? []).find((stage) => stage.name === "translate");
}
