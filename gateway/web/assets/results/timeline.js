// An answer in time: findings, voices, head, faces and blinks on one strip.

import * as api from "../api.js";
import { clock, el, fill, number, svg } from "../dom.js";
import { t } from "../i18n.js";
import { findingDetail, findingName, findingTime } from "./findings.js";
import { playFrom } from "./moments.js";

const WIDTH = 1000,
  LANE = 22,
  GAP = 8,
  HEAD_DEG = 45;

export function timelinePanel(result, session, cursor) {
  const evidence = result.evidence ?? {};
  const length = result.metadata?.duration_seconds || 0;
  if (!length) return null;
  const detail = el(
    "div",
    { class: "detail", "aria-live": "polite" },
    el("p", { class: "quiet small" }, t(cursor.playable ? "timeline.help_play" : "timeline.help")),
  );
  const readout = el("p", { class: "quiet small readout" }, " ");
  const strip = el("div", { class: "strip" }, el("p", { class: "quiet" }, t("timeline.loading")));
  const draw = async () => {
    const series = evidence.timeline ? await api.artefact(session, evidence.timeline) : null;
    fill(strip, new Strip(evidence, series, length, { session, detail, readout, cursor }).drawing);
  };
  whenSeen(strip, () => draw().catch(() => fill(strip, el("p", { class: "quiet" }, t("timeline.none")))));
  return el("section", {}, el("h3", {}, t("timeline.title")), strip, readout, detail);
}

class Strip {
  constructor(evidence, series, length, { session, detail, readout, cursor }) {
    Object.assign(this, { evidence, series, length, session, detail, readout, cursor });
    const speakers = (evidence.speakers ?? []).map((speaker) => speaker.speaker);
    this.lanes = [
      ["timeline.findings", {}, () => this.#findings()],
      ...speakers.map((speaker) => [
        speakers.length > 1 ? "timeline.voice" : "timeline.speech",
        { n: speaker + 1 },
        () => this.#turns(speaker),
      ]),
      ...(series
        ? [
            ["timeline.gaze", {}, () => this.#head()],
            ["timeline.faces", {}, () => this.#faces()],
          ]
        : []),
      ...((evidence.blinks ?? []).length ? [["timeline.blinks", {}, () => this.#blinks()]] : []),
    ];
    this.height = this.lanes.length * (LANE + GAP) + 16;
    this.needle = svg("line", { class: "needle", y1: 0, y2: this.height - 16, visibility: "hidden" });
    for (const told of ["go", "at"]) cursor.addEventListener(told, (event) => this.#point(event.detail));
    this.drawing = this.#drawing();
  }

  #drawing() {
    const board = svg(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${this.height}`,
        preserveAspectRatio: "none",
        role: "group",
        "aria-label": t("timeline.title"),
        class: this.cursor.playable && "playable",
        onclick: (event) => this.cursor.playable && playFrom(this.cursor, this.#time(event)),
        onpointermove: (event) => this.#point(this.#time(event)),
        onpointerleave: () => {
          this.readout.textContent = " ";
        },
      },
      this.lanes.map(([, , draw], index) =>
        svg(
          "g",
          { transform: `translate(0 ${index * (LANE + GAP)})` },
          svg("rect", { class: "lane", width: WIDTH, height: LANE }),
          draw(),
        ),
      ),
      this.needle,
      this.#ticks(),
    );
    const names = el(
      "div",
      { class: "lanes", "aria-hidden": "true" },
      this.lanes.map(([key, values]) => el("span", {}, t(key, values))),
    );
    return el(
      "div",
      { class: "board" },
      names,
      board,
      el("div", { class: "marks" }, this.#marks()),
      el("div", { class: "times", "aria-hidden": "true" }, this.#times()),
    );
  }

  #x(time_s) {
    return Math.min(Math.max(time_s / this.length, 0), 1) * WIDTH;
  }

  #span(span, attributes, top = 0, height = LANE) {
    const x = this.#x(span.start_s);
    return svg("rect", { x, y: top, width: Math.max(this.#x(span.end_s) - x, 1.5), height, ...attributes });
  }

  #findings() {
    return (this.evidence.findings ?? [])
      .filter((finding) => typeof finding.start_s === "number")
      .map((finding) => this.#span(finding, { class: `finding ${finding.severity}` }));
  }

  // Buttons over the findings' lane: drawings stretch, buttons keep their size and can be reached by keyboard.
  #marks() {
    const timed = (this.evidence.findings ?? []).filter((finding) => typeof finding.start_s === "number");
    return timed.map((finding) => {
      const show = () => this.#show(finding);
      const mark = el("button", {
        type: "button",
        class: `mark ${finding.severity}`,
        onclick: () => {
          show();
          if (this.cursor.playable) playFrom(this.cursor, finding.start_s);
        },
        onmouseenter: show,
        onfocus: show,
        "aria-label": described(finding),
      });
      mark.style.left = `${(100 * this.#x((finding.start_s + finding.end_s) / 2)) / WIDTH}%`;
      return mark;
    });
  }

  #show(finding) {
    this.#point(finding.start_s);
    fill(
      this.detail,
      findingDetail(finding, this.session, this.cursor),
      el(
        "button",
        {
          type: "button",
          class: "small",
          onclick: () => this.cursor.dispatchEvent(new CustomEvent("read", { detail: finding.start_s })),
        },
        t("timeline.to_text"),
      ),
    );
  }

  #turns(speaker) {
    return (this.evidence.turns ?? [])
      .filter((turn) => turn.speaker === speaker)
      .map((turn) => this.#span(turn, { class: `voice voice-${Math.min(speaker, 2)}` }, 4, LANE - 8));
  }

  #head() {
    const away = (this.evidence.looking_away ?? []).map((span) => this.#span(span, { class: "away" }));
    return [
      ...away,
      svg("line", { class: "middle", x1: 0, x2: WIDTH, y1: LANE / 2, y2: LANE / 2 }),
      ...runs(this.series.offset_s, this.series.yaw_deg).map((run) =>
        svg("polyline", {
          class: "head",
          points: run.map(([at, yaw]) => `${this.#x(at).toFixed(1)},${turned(yaw).toFixed(1)}`).join(" "),
        }),
      ),
    ];
  }

  #faces() {
    const spans = [];
    this.series.offset_s.forEach((at, index) => {
      const count = this.series.face_count[index],
        last = spans.at(-1);
      if (last) last.end_s = at;
      if (!last || last.count !== count) spans.push({ start_s: at, end_s: at, count });
    });
    if (spans.length) spans.at(-1).end_s = this.length;
    return spans
      .filter((span) => span.count)
      .map((span) =>
        this.#span(
          span,
          { class: span.count > 1 ? "faces many" : "faces" },
          span.count > 1 ? 0 : LANE / 2,
          span.count > 1 ? LANE : LANE / 2,
        ),
      );
  }

  #blinks() {
    return this.evidence.blinks.map((blink) => this.#span(blink, { class: "blink" }, 4, LANE - 8));
  }

  get #steps() {
    const step = [5, 10, 15, 30, 60, 120, 300, 600].find((seconds) => this.length / seconds <= 8) ?? 1200;
    return Array.from({ length: Math.floor(this.length / step) + 1 }, (_, n) => n * step);
  }

  #ticks() {
    return this.#steps.map((at) =>
      svg("line", { class: "tick", x1: this.#x(at), x2: this.#x(at), y1: this.height - 16, y2: this.height - 6 }),
    );
  }

  #times() {
    return this.#steps.map((at) => {
      const label = el("span", {}, clock(at).replace(/\.0$/, ""));
      label.style.left = `${(100 * this.#x(at)) / WIDTH}%`;
      return label;
    });
  }

  // Where on the strip a pointer is.
  #time(event) {
    const box = event.currentTarget.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.length;
  }

  #point(time_s) {
    const x = this.#x(time_s);
    this.needle.setAttribute("x1", x);
    this.needle.setAttribute("x2", x);
    this.needle.setAttribute("visibility", "visible");
    const row = this.series ? nearest(this.series.offset_s, time_s) : -1;
    this.readout.textContent =
      row < 0
        ? clock(time_s)
        : t("timeline.at", {
            time: clock(time_s),
            yaw: number(this.series.yaw_deg[row], 0),
            faces: number(this.series.face_count[row], 0),
          });
  }
}

// Stretches without a gap, as lists of [time, value].
function runs(times, values) {
  const found = [];
  let run = [];
  times.forEach((at, index) => {
    if (typeof values[index] === "number") run.push([at, values[index]]);
    else if (run.length) {
      found.push(run);
      run = [];
    }
  });
  if (run.length) found.push(run);
  return found;
}

function nearest(times, time_s) {
  let low = 0,
    high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time_s) low = middle + 1;
    else high = middle;
  }
  if (!times.length) return -1;
  return low > 0 && time_s - times[low - 1] < times[low] - time_s ? low - 1 : low;
}

function whenSeen(node, run) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      run();
    },
    { rootMargin: "300px" },
  );
  observer.observe(node);
}

// A finding in words, for those who do not see its mark.
function described(finding) {
  return `${findingName(finding)}, ${findingTime(finding)}, ${t(`severity.${finding.severity}`)}`;
}

// Where in its lane a head stands that is turned by so many degrees.
function turned(yaw) {
  const share = Math.max(-HEAD_DEG, Math.min(HEAD_DEG, yaw)) / HEAD_DEG;
  return (LANE / 2) * (1 - share);
}
