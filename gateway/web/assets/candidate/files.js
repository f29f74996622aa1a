// Recordings that were made elsewhere: one file for each question that has no answer yet.

import { el, number } from "../dom.js";
import { t } from "../i18n.js";
import { forgetIfGone, uploadAll } from "../uploads.js";
import { button, show } from "./step.js";

const VIDEO = "video/*,.mkv,.webm,.avi,.mov,.mp4";
const AUDIO = "audio/*,.mp3,.m4a,.wav,.ogg";

// Ends when the files are there, or when the candidate goes back.
export function filesChosen(token, found, answers) {
  const asked = answers.lacking;
  const accept = found.audio_only ? `${VIDEO},${AUDIO}` : VIDEO;
  const inputs = asked.map(() => el("input", { type: "file", accept, required: true }));
  const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": t("progress.sending") });
  const said = el("p", { role: "status" }),
    problem = el("p", { class: "problem", role: "alert" });
  const send = el("button", { type: "submit", class: "primary" }, t("candidate.send"));
  return new Promise((resolve) => {
    const submit = async (event) => {
      event.preventDefault();
      const files = inputs.map((input) => input.files[0]);
      problem.textContent = "";
      send.disabled = true;
      bar.hidden = false;
      try {
        await uploadAll(files, {
          endpoint: "/v1/upload-link/uploads",
          headers: { Authorization: `Bearer ${token}` },
          metadata: asked.map(({ index }) => answers.metadata(index)),
          onProgress: (share) => {
            bar.value = share;
            said.textContent =
              share < 1 ? t("progress.sent", { percent: number(share * 100, 0) }) : t("progress.storing");
          },
        });
        resolve("sent");
      } catch (error) {
        forgetIfGone(files, error);
        problem.textContent = error.message;
        send.disabled = false;
        bar.hidden = true;
        said.textContent = "";
      }
    };
    show(
      t("candidate.files_title"),
      el("p", { class: "lead" }, t("candidate.files_lead")),
      el(
        "form",
        { onsubmit: submit },
        el(
          "ol",
          { class: "videos" },
          asked.map(({ text }, place) =>
            el(
              "li",
              { class: "video" },
              el("label", { class: "field" }, el("span", { lang: found.language }, text), inputs[place]),
            ),
          ),
        ),
        bar,
        said,
        problem,
        el(
          "div",
          { class: "actions" },
          send,
          button(t("candidate.back"), () => resolve("left")),
        ),
      ),
    );
  });
}
