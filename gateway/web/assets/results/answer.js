// One answer: its panels in order.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { findingsPanel, verdictBadge } from "./findings.js";
import { measuresPanel } from "./measures.js";
import { playerPanel } from "./player.js";
import { retryPanel } from "./retry.js";
import { scoresPanel } from "./scores.js";
import { timelinePanel } from "./timeline.js";
import { transcriptPanel } from "./transcript.js";

export function answerPanel(item, index, id, session, translations) {
  const result = item.result ?? {};
  // Moments go from panel to panel: "go" moves the timeline, "read" the transcript, "play" the recording, which tells
  // "at" while it plays.
  const cursor = new EventTarget();
  const player = playerPanel(id, index, session?.answers?.[index]?.playback, result, cursor);
  return el(
    "article",
    { class: "card", id: `answer-${index}`, tabindex: "-1", "aria-labelledby": `question-${index}` },
    el("p", { class: "quiet small" }, t("result.answer", { n: index + 1 })),
    el(
      "div",
      { class: "between" },
      el("h2", { id: `question-${index}` }, item.question),
      verdictBadge(result.cheating_detection?.final_verdict),
    ),
    result.error &&
      el("p", { class: "problem" }, `${t("result.failed")} `, el("span", { lang: "en" }, result.error.message ?? "")),
    !result.error && failures(result.modalities),
    retryPanel(session, index),
    quality(result.quality ?? {}),
    timelinePanel(result, id, cursor),
    !result.error && scoresPanel(result, cursor),
    transcriptPanel(result, `/v1/sessions/${id}/answers/${index}/transcript`, cursor, player, (reading) =>
      translations.box(index, result, reading),
    ) ?? player,
    !result.error && findingsPanel(result, id, cursor),
    !result.error && measuresPanel(result),
  );
}

function failures(modalities) {
  return Object.entries(modalities ?? {})
    .filter(([name, stage]) => stage?.state === "failed" && name !== "translate")
    .map(([name, stage]) =>
      el(
        "p",
        { class: "warn" },
        `${t("result.partly")} ${t(`stage.${name}`)}: `,
        el("span", { lang: "en" }, stage.error_message || t("state.failed")),
      ),
    );
}

function quality(found) {
  if (found.transcript !== "usable" && found.transcript !== "insufficient") return null;
  return el("p", { class: "warn" }, t(`quality.${found.transcript}`, { why: found.transcript_reason }));
}
