// What happens to a session: sending, then every video with its stages.

import { badge, el, fill, number } from "../dom.js";

const STAGES = {
  fetch: "Download", prepare: "Open", transcribe: "Transcript", watch: "Picture", listen: "Voices",
  translate: "Translation", evaluate: "Rating", fuse: "Result",
};
const KINDS = { completed: "good", partial: "warn", failed: "bad", cancelled: "warn" };

export class ProgressPanel {
  constructor(root, { onCancel, onAgain }) {
    this.title = el("h1", { id: "progress-title" });
    this.message = el("p", { class: "lead", role: "status" });
    this.bar = el("progress", { max: 1, "aria-label": "Sent" });
    this.videos = el("div");
    this.stop = el("button", { type: "button", hidden: true, onclick: onCancel }, "Cancel the assessment");
    this.again = el("button", { type: "button", class: "primary", hidden: true, onclick: onAgain }, "Start again");
    fill(root, this.title, this.message, this.bar, this.videos, el("div", { class: "actions" }, this.stop, this.again));
    this.waiting();
  }

  sending(share) {
    this.#head("Sending the videos", share < 1 ? `${number(share * 100, 0)} % sent` : "Sent; the server stores them…");
    this.bar.hidden = false;
    this.bar.value = share;
  }

  waiting() {
    this.#head("Assessment in progress", "Starting…");
    fill(this.videos);
    this.bar.hidden = true;
    this.again.hidden = true;
  }

  update(body) {
    const failed = body.status === "error";
    const cancelled = failed && body.error === "Cancelled.";
    this.#head(cancelled ? "Cancelled" : failed ? "The assessment failed" : "Assessment in progress", body.error || body.message);
    this.message.classList.toggle("problem", failed);
    this.bar.hidden = true;
    this.stop.hidden = failed;
    this.again.hidden = !failed;
    if (body.videos) fill(this.videos, body.videos.map(card));
  }

  #head(title, message) {
    this.title.textContent = title;
    this.message.textContent = message;
    this.message.classList.remove("problem");
    this.stop.hidden = true;
  }
}

function card(video) {
  return el("section", { class: "card", "aria-label": `Video ${video.index + 1}` },
    el("div", { class: "between" }, el("h2", {}, `Video ${video.index + 1}`), badge(video.state, KINDS[video.state])),
    video.error && el("p", { class: "problem" }, video.error.message),
    el("ul", { class: "stages" }, video.stages.filter((stage) => stage.state !== "skipped").map(row)));
}

function row(stage) {
  const name = STAGES[stage.name] ?? stage.name;
  const share = stage.state === "completed" ? 1 : stage.fraction;
  const end = stage.state === "completed" && stage.seconds !== null ? `${number(stage.seconds, 1)} s`
    : stage.state === "running" ? `${number(share * 100, 0)} %` : stage.state;
  return el("li", {},
    el("span", {}, name),
    stage.state === "failed" ? el("span", { class: "bad" }, stage.error?.message ?? "failed")
      : el("progress", { max: 1, value: share, "aria-label": name }),
    el("span", { class: "end" }, end));
}
