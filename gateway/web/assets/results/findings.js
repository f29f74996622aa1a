// Moments that a person should look at.

import { artefactUrl } from "../api.js";
import { badge, clock, el, number, words } from "../dom.js";
import { known, language, t } from "../i18n.js";
import { playButton } from "./moments.js";

export const GAZE = new Set(["looking_away", "reading"]); // count in no verdict, alone or beside others
const KINDS = { Safe: "good", "Medium Risk": "warn", "High Risk": "bad" };
const SEVERITIES = { info: "", review: "warn", serious: "bad" };

export function verdictBadge(verdict) {
  return verdict ? badge(known(`verdict.${verdict}`) ? t(`verdict.${verdict}`) : verdict, KINDS[verdict] ?? "") : null;
}

export function findingName(finding) {
  return known(`finding.${finding.type}`) ? t(`finding.${finding.type}`) : words(finding.type ?? "");
}

// A stretch, or the moment where both ends are the same, as of a pause.
export function findingTime({ start_s, end_s }) {
  return start_s === end_s ? clock(start_s) : t("timeline.to", { start: clock(start_s), end: clock(end_s) });
}

export function findingsPanel(result, session, cursor) {
  const detection = result.cheating_detection;
  const findings = (result.evidence?.findings ?? []).toSorted((a, b) => (a.start_s ?? 0) - (b.start_s ?? 0));
  if (!detection && !findings.length) return null;
  return el(
    "section",
    {},
    el("h3", {}, t("findings.title")),
    findings.length
      ? el(
          "ul",
          { class: "findings" },
          findings.map((finding) => el("li", { class: finding.severity }, findingDetail(finding, session, cursor))),
        )
      : el("p", { class: "quiet" }, t("findings.none")),
    notMeasured(result.evidence?.signals?.not_measured ?? []),
    el("p", { class: "quiet small" }, t("findings.note")),
    el("details", {}, el("summary", {}, t("findings.figures")), el("p", { class: "small" }, figures(detection ?? {}))),
  );
}

function notMeasured(signals) {
  if (!signals.length) return null;
  const names = signals.map((name) => (known(`signal.${name}`) ? t(`signal.${name}`) : words(name)));
  const what = new Intl.ListFormat(language).format(names);
  return el("p", { class: "quiet small" }, t("signal.not_measured", { what }));
}

// With a button that plays it, where the cursor has a recording.
export function findingDetail(finding, session, cursor) {
  const span = typeof finding.start_s === "number" ? findingTime(finding) : "";
  return el(
    "div",
    { class: "finding-detail" },
    finding.still &&
      el("img", {
        src: artefactUrl(session, finding.still),
        width: "160",
        height: "120",
        loading: "lazy",
        alt: t("timeline.still", { time: clock(finding.start_s) }),
      }),
    el(
      "div",
      {},
      el(
        "p",
        {},
        el("strong", {}, findingName(finding)),
        " ",
        span && el("code", {}, span),
        " ",
        badge(t(`severity.${finding.severity}`), SEVERITIES[finding.severity] ?? ""),
      ),
      finding.explanation && el("p", { lang: "en" }, finding.explanation),
      finding.quote && el("blockquote", {}, finding.quote),
      finding.innocent_explanation &&
        el(
          "p",
          { class: "quiet small" },
          `${t("findings.innocent")} `,
          el("span", { lang: "en" }, finding.innocent_explanation),
        ),
      typeof finding.confidence === "number" &&
        el("p", { class: "quiet small" }, t("findings.confidence", { percent: number(finding.confidence * 100, 0) })),
      playButton(cursor, finding.start_s),
    ),
  );
}

function figures(detection) {
  const visual = detection.visual ?? {},
    audio = detection.audio ?? {};
  return [
    typeof audio.num_speakers === "number" && `${t("findings.voices")} ${audio.num_speakers}`,
    typeof visual.cheating_score === "number" && `${number(visual.cheating_score)} % ${t("findings.frames")}`,
    typeof detection.final_avg_confidence === "number" &&
      t("findings.confidence", { percent: number(detection.final_avg_confidence) }),
    detection.original_rule_verdict && `${detection.original_rule_verdict} ${t("findings.original")}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
