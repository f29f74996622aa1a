// One answer: its panels in order.

import { badge, el, number, words } from "../dom.js";
import { findingsPanel, verdictKind } from "./findings.js";
import { measuresPanel } from "./measures.js";
import { scoresPanel } from "./scores.js";
import { transcriptPanel } from "./transcript.js";

const FAILED = "failed";

export function answerPanel(item, index, session) {
  const result = item.result ?? {};
  const verdict = result.cheating_detection?.final_verdict;
  const title = `answer-${index}`;
  return el("article", { class: "card", "aria-labelledby": title },
    el("p", { class: "quiet small" }, `Answer ${item.id ?? index + 1}`),
    el("div", { class: "between" }, el("h2", { id: title }, item.question),
      verdict && badge(`Review: ${verdict}`, verdictKind(verdict))),
    result.error && el("p", { class: "problem" }, result.error.message ?? "This answer could not be assessed."),
    failures(result.modalities),
    scoresPanel(result), transcriptPanel(result, `/v1/sessions/${session}/answers/${index}/transcript`),
    findingsPanel(result), measuresPanel(result), speeds(result.modalities));
}

function failures(modalities) {
  return Object.entries(modalities ?? {}).filter(([, stage]) => stage?.state === FAILED)
    .map(([name, stage]) => el("p", { class: "warn" }, `${words(name)}: ${stage.error_message || "failed"}`));
}

function speeds(modalities) {
  const known = Object.entries(modalities ?? {}).filter(([, stage]) => typeof stage?.seconds === "number");
  if (!known.length) return null;
  return el("p", { class: "quiet small" }, "Seconds: ",
    known.map(([name, stage]) => `${name} ${number(stage.seconds, 1)}`).join(", "));
}
