// A candidate hands in one video for each question, under the link they were sent.

import * as api from "./api.js";
import { el, fill, moment, number } from "./dom.js";
import "./header.js";
import { t } from "./i18n.js";
import { forgetIfGone, uploadAll } from "./uploads.js";

const token = location.hash.slice(1);
const root = document.getElementById("invitation");
const bar = el("progress", { max: 1, hidden: true, "aria-label": t("progress.sending") });
const said = el("p", { role: "status" }),
  problem = el("p", { class: "problem", role: "alert" });

document.title = `${t("candidate.title")} · Interview Assessment System`;
document.querySelector("header.top nav").hidden = true;
api.invitation(token).then(show, (error) => fill(root, el("p", { class: "problem", role: "alert" }, error.message)));

function show(found) {
  if (found.used) {
    fill(root, el("p", { class: "lead" }, t("candidate.used")));
    return;
  }
  const inputs = found.questions.map(() =>
    el("input", { type: "file", accept: "video/*,.mkv,.webm,.avi,.mov,.mp4", required: true }),
  );
  const send = el("button", { type: "submit", class: "primary" }, t("candidate.send"));
  fill(
    root,
    el("p", { class: "lead" }, t("candidate.lead", { name: found.candidate_name, when: moment(found.expire_time) })),
    el(
      "form",
      {
        class: "card",
        onsubmit: (event) => {
          event.preventDefault();
          hand(inputs, send);
        },
      },
      el(
        "ol",
        { class: "videos" },
        found.questions.map((question, index) =>
          el(
            "li",
            { class: "video" },
            el("label", { class: "field" }, el("span", { lang: found.language }, question.text), inputs[index]),
          ),
        ),
      ),
      el("p", { class: "quiet small" }, t("candidate.privacy")),
      bar,
      said,
      problem,
      el("div", { class: "actions" }, send),
    ),
  );
}

async function hand(inputs, send) {
  problem.textContent = "";
  const files = inputs.map((input) => input.files[0]);
  send.disabled = true;
  bar.hidden = false;
  try {
    const ids = await uploadAll(files, {
      endpoint: "/v1/upload-link/uploads",
      headers: { Authorization: `Bearer ${token}` },
      onProgress: (share) => {
        bar.value = share;
        said.textContent = share < 1 ? t("progress.sent", { percent: number(share * 100, 0) }) : t("progress.storing");
      },
    });
    await api.handIn(token, ids);
    fill(root, el("p", { class: "lead good", role: "status" }, t("candidate.thanks")));
  } catch (error) {
    forgetIfGone(files, error);
    problem.textContent = error.message;
    send.disabled = false;
    bar.hidden = true;
    said.textContent = "";
  }
}
