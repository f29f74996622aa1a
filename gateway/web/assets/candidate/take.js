// One question: time to think, the recording with the time left, and a look at what was recorded.

import { el, fill } from "../dom.js";
import { language as spokenHere, t } from "../i18n.js";
import { heard } from "./meters.js";
import { Notes } from "./notes.js";
import { Recorder } from "./recorder.js";
import { typeOf } from "./devices.js";
import { button, show } from "./step.js";
import { shown, spoken } from "./time.js";

const TOLD_AT_S = new Set([60, 30, 10]);

// `begin` is given the recording's format and gives where its chunks go ({ add, finish }), or null for a practice.
export class Take {
  #stop = () => {};
  #timer = null;

  constructor({ title, question, language, devices, begin, signals = [] }) {
    Object.assign(this, { title, question, language, devices, begin, signals });
    this.clock = el("p", { class: "clock", role: "timer" });
    this.said = el("p", { role: "status", class: "quiet" });
    this.actions = el("div", { class: "actions" });
    this.screen = el("div", { class: "picture" });
  }

  // Gives how it ended ("kept", "again", or "left" before it began) and the recording; `retakesLeft` is asked after it.
  async run(retakesLeft) {
    show(
      this.title,
      el("p", { class: "question", lang: this.language }, this.question.text),
      this.screen,
      this.clock,
      this.said,
      this.actions,
      this.signals.length > 0 && el("p", { class: "quiet small" }, t("take.noted", { what: named(this.signals) })),
    );
    this.#preview();
    if (!(await this.#thought())) return { end: "left" };
    const recording = await this.#recorded();
    const end = await this.#reviewed(recording, retakesLeft());
    return { end, recording };
  }

  #preview() {
    const { stream, kind } = this.devices;
    const { limitS, thinkingS, pauses } = this.question;
    const meter = el("meter", { min: 0, max: 1, value: 0, "aria-label": t("check.sound") });
    const stopMeter = heard(stream, (level) => (meter.value = level));
    const video = el("video", { muted: true, autoplay: true, playsInline: true, "aria-label": t("check.picture") });
    if (kind === "video") video.srcObject = stream;
    fill(this.screen, kind === "video" && video, meter);
    this.#stop = () => {
      stopMeter();
      video.srcObject = null;
    };
    const said = t(thinkingS === null ? "take.ready" : "take.thinking", { time: spoken(limitS) });
    this.said.textContent = pauses ? `${said} ${t("take.may_pause", { n: pauses })}` : said;
  }

  // Whether the candidate begins; where there is a time to think, the recording begins at its end.
  #thought() {
    return new Promise((resolve) => {
      const end = (begins) => {
        clearInterval(this.#timer);
        if (!begins) this.#stop();
        resolve(begins);
      };
      fill(
        this.actions,
        button(t("take.begin"), () => end(true), "primary"),
        button(t("candidate.back"), () => end(false)),
      );
      if (this.question.thinkingS !== null)
        this.#countDown(this.question.thinkingS, "take.thinking_time", () => end(true));
    });
  }

  async #recorded() {
    const { stream, kind, quality } = this.devices;
    const mimeType = typeOf(kind);
    const sending = this.begin(mimeType);
    const recorder = new Recorder(stream, mimeType, quality, (chunk) => sending?.add(chunk));
    if (sending) sending.seconds = () => recorder.seconds;
    recorder.start();
    const notes = new Notes(
      sending ? this.signals : [],
      () => recorder.seconds,
      (all) => sending?.note(all),
    );
    this.#goesOn(recorder, notes, this.question.pauses);
    this.#countDown(
      this.question.limitS,
      "take.left_time",
      () => recorder.stop(),
      () => recorder.seconds,
    );
    const network = sending && this.#watched(sending);
    const recording = await recorder.stopped;
    notes.stop();
    clearInterval(this.#timer);
    clearInterval(network);
    this.screen.classList.remove("recording");
    this.#stop();
    sending?.finish();
    return recording;
  }

  #goesOn(recorder, notes, pausesLeft) {
    this.screen.classList.add("recording");
    this.said.textContent = t("take.recording");
    const stop = button(t("take.stop"), () => recorder.stop(), "primary");
    const pause = () => this.#pauses(recorder, notes, pausesLeft - 1);
    fill(this.actions, stop, pausesLeft > 0 && button(t("take.pause_n", { n: pausesLeft }), pause));
    stop.focus();
  }

  #pauses(recorder, notes, pausesLeft) {
    recorder.pause();
    notes.begin("pause");
    this.screen.classList.remove("recording");
    this.said.textContent = t("take.paused");
    const goOn = () => {
      recorder.resume();
      notes.end("pause");
      this.#goesOn(recorder, notes, pausesLeft);
    };
    const resume = button(t("take.go_on"), goOn, "primary");
    fill(
      this.actions,
      resume,
      button(t("take.stop"), () => recorder.stop()),
    );
    resume.focus();
  }

  // Says when the network is away, and when it is back.
  #watched(sending) {
    let broken = false;
    return setInterval(() => {
      if (sending.broken === broken) return;
      broken = sending.broken;
      const now = this.screen.classList.contains("recording") ? "take.recording" : "take.paused";
      this.said.textContent = t(broken ? "take.no_network" : now);
    }, 500);
  }

  #reviewed(recording, left) {
    if (!recording.size) return this.#nothing();
    const address = URL.createObjectURL(recording);
    const player = el(this.devices.kind === "video" ? "video" : "audio", {
      controls: true,
      playsInline: true,
      src: address,
      "aria-label": t("take.recorded"),
    });
    player.addEventListener("loadedmetadata", () => findEnd(player), { once: true });
    fill(this.screen, player);
    this.clock.textContent = "";
    this.said.textContent = t(this.question.practice ? "take.review_practice" : "take.review");
    return new Promise((resolve) => {
      const end = (how) => {
        player.removeAttribute("src"); // or it asks for more of what is gone
        player.load();
        URL.revokeObjectURL(address);
        resolve(how);
      };
      const keep = button(t(this.question.practice ? "take.done" : "take.keep"), () => end("kept"), "primary");
      const again = left === null ? t("take.again") : t("take.again_n", { n: left });
      fill(this.actions, keep, left !== 0 && button(again, () => end("again")));
      keep.focus();
    });
  }

  // Stopped at once, or the devices gave nothing: that was no answer and costs none.
  #nothing() {
    this.clock.textContent = "";
    this.said.textContent = t("take.nothing");
    return new Promise((resolve) => {
      const again = button(t("take.again"), () => resolve("again"), "primary");
      fill(this.actions, again);
      again.focus();
    });
  }

  #countDown(seconds, key, onEnd, gone = sinceNow()) {
    const tick = () => {
      const left = Math.max(0, Math.ceil(seconds - gone()));
      const text = t(key, { time: shown(left) });
      if (this.clock.textContent === text) return;
      this.clock.textContent = text;
      if (TOLD_AT_S.has(left) && left < seconds) this.said.textContent = t("take.still", { time: spoken(left) });
      if (left === 0) {
        clearInterval(this.#timer);
        onEnd();
      }
    };
    this.#timer = setInterval(tick, 250);
    tick();
  }
}

function sinceNow() {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
}

function named(signals) {
  return new Intl.ListFormat(spokenHere).format(signals.map((name) => t(`signal.${name}`)));
}

// Recordings made of chunks do not say how long they are; players find out by going to the end.
function findEnd(player) {
  if (player.duration !== Infinity) return;
  player.addEventListener("durationchange", () => (player.currentTime = 0), { once: true });
  player.currentTime = 1e7;
}
