// What happens to a session: sending, then every video with its stages.

import { badge, el, fill, number } from "../dom.js";
import { t } from "../i18n.js";

const KINDS = { completed: "good", partial: "warn", failed: "bad", cancelled: "warn" };

export class ProgressPanel {
  constructor(root, { onCancel, onAgain }) {
    this.title = el("h1", { id: "progress-title" });
    this.message = el("p", { class: "lead", role: "status" });
    this.bar = el("progress", { max: 1, "aria-label": t("progress.sending") });
    this.videos = el("div");
    this.stay = el("p", { class: "quiet small" }, t("progress.stay"));
    this.stop = el("button", { type: "button", hidden: true, onclick: onCancel }, t("progress.cancel"));
    this.again = el(
      "button",
      { type: "button", class: "primary", hidden: true, onclick: onAgain },
      t("progress.again"),
    );
    fill(
      root,
      this.title,
      this.message,
      this.bar,
      this.stay,
      this.videos,
      el("div", { class: "actions" }, this.stop, this.again),
    );
    this.waiting();
  }

  sending(share) {
    this.#head(
      t("progress.sending"),
      share < 1 ? t("progress.sent", { percent: number(share * 100, 0) }) : t("progress.storing"),
    );
    this.bar.hidden = false;
    this.stay.textContent = t("progress.resume");
    this.bar.value = share;
  }

  waiting() {
    this.#head(t("progress.title"), t("progress.starting"));
    fill(this.videos);
    this.bar.hidden = true;
    this.stay.textContent = t("progress.stay");
    this.stay.hidden = false;
    this.again.hidden = true;
  }

  update(body) {
    const failed = body.status === "error";
    const cancelled = failed && body.error === "Cancelled.";
    this.#head(
      t(cancelled ? "progress.cancelled" : failed ? "progress.failed" : "progress.title"),
      body.status === "unreachable" ? t("progress.lost") : body.error || body.message,
    );
    this.message.classList.toggle("problem", failed);
    this.bar.hidden = true;
    this.stop.hidden = failed;
    this.stay.hidden = failed;
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
  return el(
    "section",
    { class: "card", "aria-label": t("progress.video", { n: video.index + 1 }) },
    el(
      "div",
      { class: "between" },
      el("h2", {}, t("progress.video", { n: video.index + 1 })),
      badge(t(`state.${video.state}`), KINDS[video.state]),
    ),
    video.error && el("p", { class: "problem" }, video.error.message),
    el("ul", { class: "stages" }, video.stages.filter((stage) => stage.state !== "skipped").map(row)),
  );
}

function row(stage) {
  const name = t(`stage.${stage.name}`);
  const share = stage.state === "completed" ? 1 : stage.fraction;
  const end =
    stage.state === "completed" && stage.seconds !== null
      ? `${number(stage.seconds, 1)} s`
      : stage.state === "running"
        ? `${number(share * 100, 0)} %`
        : t(stage.name === "translate" && stage.state === "pending" ? "progress.after_result" : `state.${stage.state}`);
  return el(
    "li",
    {},
    el("span", {}, name),
    stage.state === "failed"
      ? el("span", { class: "bad" }, stage.error?.message ?? t("state.failed"))
      : el("progress", { max: 1, value: share, "aria-label": name }),
    el("span", { class: "end" }, end),
  );
}
