// The device check: what the camera sees, what the microphone hears, how fast the line sends.

import { el, fill, number } from "../dom.js";
import { t } from "../i18n.js";
import { closed, canRecord, listed, opened, reason } from "./devices.js";
import { BRIGHT, DARK, QUIET, heard, seen } from "./meters.js";
import { qualityFor } from "./quality.js";
import { measured } from "./sending.js";
import { button, show } from "./step.js";

// Gives { stream, kind, quality, next } when the candidate goes on, or null when they go back; `next` is "practice" or
// "questions".
export async function checked(token, audioAllowed) {
  const check = new Check(token, audioAllowed);
  return check.run();
}

class Check {
  #chosen = {};
  #quality = null; // until the line is measured
  #stream = null;
  #over = false;
  #stopMeters = [];

  constructor(token, audioAllowed) {
    this.token = token;
    this.audioAllowed = audioAllowed;
    this.kind = canRecord("video") ? "video" : "audio";
    this.video = el("video", { muted: true, autoplay: true, playsInline: true, "aria-label": t("check.picture") });
    this.level = el("meter", { min: 0, max: 1, value: 0, "aria-label": t("check.sound") });
    this.said = Object.fromEntries(["sound", "light", "network"].map((name) => [name, el("dd", {}, "…")]));
    this.problem = el("p", { class: "problem", role: "alert" });
    this.choices = el("div", { class: "row" });
    this.face = el("p", { class: "quiet small", hidden: this.kind === "audio" }, t("check.face"));
    this.picture = el("div", { class: "picture guide" }, this.video);
    this.go = [
      button(t("check.practice"), () => this.#end("practice"), "primary"),
      button(t("check.skip"), () => this.#end("questions")),
    ];
  }

  run() {
    const fact = (name) => [el("dt", {}, t(`check.${name}`)), this.said[name]];
    show(
      t("check.title"),
      el("p", { class: "lead" }, t("check.lead")),
      this.problem,
      this.audioAllowed && canRecord("video") && this.#kinds(),
      this.picture,
      this.face,
      el("dl", {}, fact("sound"), fact("light"), fact("network")),
      this.level,
      this.choices,
      el(
        "div",
        { class: "actions" },
        this.go,
        button(t("candidate.back"), () => this.#end(null)),
      ),
    );
    this.#open();
    this.#measure();
    return new Promise((resolve) => (this.resolve = resolve));
  }

  async #measure() {
    const speed = await measured(this.token);
    this.#quality = qualityFor(speed);
    const key = speed === null ? "check.no_network" : speed < 400 ? "check.slow" : "check.fast";
    fill(this.said.network, t(key, { speed: number(speed, 0) }));
    this.#ready();
  }

  async #open() {
    this.#close();
    this.#ready();
    this.problem.textContent = "";
    try {
      const stream = await opened(this.kind, qualityFor(Infinity), this.#chosen);
      if (this.#over) return closed(stream); // the browser's question was answered after the candidate had gone back
      this.#stream = stream;
    } catch (error) {
      this.problem.textContent = t(reason(error));
      this.#ready();
      return;
    }
    this.picture.hidden = this.face.hidden = this.kind === "audio";
    this.video.srcObject = this.#stream;
    this.#meters();
    this.#offer(await listed());
    this.#ready();
  }

  #meters() {
    let loudest = 0;
    const onLevel = (level) => {
      this.level.value = level;
      loudest = Math.max(loudest * 0.98, level);
      say(this.said.sound, t(loudest < QUIET ? "check.quiet" : "check.heard"));
    };
    const onLight = (light) =>
      say(this.said.light, t(light < DARK ? "check.dark" : light > BRIGHT ? "check.bright" : "check.light_good"));
    this.#stopMeters = [heard(this.#stream, onLevel)];
    if (this.kind === "video") this.#stopMeters.push(seen(this.video, onLight));
    else say(this.said.light, "–");
  }

  #offer(devices) {
    const select = (name) =>
      devices[name].length > 1 &&
      (this.kind === "video" || name === "microphone") &&
      el(
        "label",
        { class: "field" },
        t(`check.${name}`),
        el(
          "select",
          { onchange: (event) => this.#choose(name, event.target.value) },
          devices[name].map(({ deviceId, label }) =>
            el("option", { value: deviceId, selected: deviceId === this.#current(name) }, label),
          ),
        ),
      );
    fill(this.choices, select("camera"), select("microphone"));
  }

  #current(name) {
    const tracks = name === "camera" ? this.#stream.getVideoTracks() : this.#stream.getAudioTracks();
    return tracks[0]?.getSettings().deviceId;
  }

  #choose(name, deviceId) {
    this.#chosen[name] = deviceId;
    this.#open();
  }

  #kinds() {
    const option = (kind) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name: "kind",
          checked: kind === this.kind,
          onchange: () => {
            this.kind = kind;
            this.#open();
          },
        }),
        el("span", {}, t(`check.kind.${kind}`)),
      );
    return el(
      "fieldset",
      { class: "tabs" },
      el("legend", { class: "hidden" }, t("check.kind")),
      option("video"),
      option("audio"),
    );
  }

  #ready() {
    const ready = Boolean(this.#stream && this.#quality);
    for (const each of this.go) each.disabled = !ready;
  }

  async #end(next) {
    this.#over = true;
    for (const stop of this.#stopMeters) stop();
    this.#stopMeters = [];
    this.video.srcObject = null;
    if (next === null) {
      this.#close();
      this.resolve(null);
      return;
    }
    await this.#fit();
    this.resolve({ stream: this.#stream, kind: this.kind, quality: this.#quality, next });
  }

  // The camera was opened at its best, before the line was measured.
  async #fit() {
    const { width, height, frameRate } = this.#quality;
    const [track] = this.#stream.getVideoTracks();
    const ideal = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
    await track?.applyConstraints(ideal).catch(() => {}); // a camera that cannot stays as it is
  }

  #close() {
    for (const stop of this.#stopMeters) stop();
    this.#stopMeters = [];
    closed(this.#stream);
    this.#stream = null;
  }
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
