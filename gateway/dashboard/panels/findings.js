// Moments that a person should look at.

import { clock, el, number, words } from "../dom.js";

export function verdictKind(verdict) {
  const text = String(verdict).toLowerCase();
  if (text.includes("high")) return "bad";
  return text.includes("medium") ? "warn" : text.includes("safe") ? "good" : "";
}

export function findingsPanel(result) {
  const detection = result.cheating_detection ?? {};
  const findings = result.evidence?.findings ?? [];
  const indicators = detection.all_indicators ?? [];
  if (!result.cheating_detection && !findings.length) return null;
  return el("section", {}, el("h3", {}, "Moments to look at"),
    !findings.length && !indicators.length && el("p", { class: "quiet" }, "None."),
    findings.length ? el("ul", { class: "findings" }, findings.map(row))
      : el("ul", {}, indicators.map((text) => el("li", {}, text))),
    el("p", { class: "quiet small" }, figures(detection)));
}

function row(finding) {
  const times = typeof finding.start_s === "number" ? `${clock(finding.start_s)} – ${clock(finding.end_s)}` : "";
  const confidence = typeof finding.confidence === "number" ? `confidence ${number(finding.confidence * 100, 0)} %` : "";
  return el("li", { class: finding.severity === "serious" ? "severe" : undefined },
    el("strong", {}, words(finding.type ?? "finding")), " ", el("code", {}, times),
    el("span", { class: "quiet small" }, ` ${[finding.severity, confidence].filter(Boolean).join(" · ")}`),
    finding.explanation && el("div", {}, finding.explanation),
    finding.innocent_explanation && el("div", { class: "quiet small" }, `It may be nothing: ${finding.innocent_explanation}`),
    finding.quote && el("blockquote", {}, finding.quote));
}

function figures(detection) {
  const visual = detection.visual ?? {}, audio = detection.audio ?? {};
  return [
    typeof visual.cheating_score === "number" && `suspicious frames ${number(visual.cheating_score)} %`,
    typeof audio.num_speakers === "number" && `voices ${audio.num_speakers}`,
    typeof detection.final_avg_confidence === "number" && `confidence ${number(detection.final_avg_confidence)} %`,
  ].filter(Boolean).join(" · ");
}
