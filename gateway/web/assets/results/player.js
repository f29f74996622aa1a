// The recording of an answer beside its transcript: it plays from wherever somebody clicks, with captions and speed.

import { recordingUrl, transcriptUrl } from "../api.js";
import { el, fill, moment } from "../dom.js";
import { language as pageLanguage, t } from "../i18n.js";
import { whoever, mayReview } from "../header.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const SPEED = "interview_speed",
  CAPTIONS = "interview_captions";
const NUDGE_S = 0.01; // a frame that is shown exactly at its time would round to the one before

let playing = null; // one at a time, of all answers on the page

// Nothing where the policy keeps no recordings. What can be played hears "play" of the cursor with a time, and tells "at"
// while it plays. `name`: whose it is, where others' stand beside it.
export function playerPanel(id, index, playback, result, cursor, name = "") {
  if (!playback) return null;
  if (playback.state !== "ready")
    return el("p", { class: "quiet small playback-note" }, t(`player.${playback.state}`, when(playback)));
  cursor.playable = true;
  return new Player(id, index, playback, result, cursor, name).root;
}

function when(playback) {
  return { when: moment(playback.expire_time) };
}

class Player {
  constructor(id, index, playback, result, cursor, name) {
    Object.assign(this, { id, index, result, cursor });
    this.said = el("p", { class: "problem small", role: "alert" });
    // Nothing is fetched before somebody plays: fetching is recorded as looking.
    this.media = el(playback.content_type.startsWith("audio/") ? "audio" : "video", {
      controls: true,
      preload: "none",
      src: recordingUrl(id, index),
      "aria-label": name ? t("player.title_of", { name, n: index + 1 }) : t("player.title", { n: index + 1 }),
      playsinline: "",
      onplay: () => this.#began(),
      ontimeupdate: () => this.#at(),
      onerror: () => this.#failed(),
    });
    this.root = el(
      "div",
      { class: "player" },
      this.media,
      el("div", { class: "player-choices" }, this.#speed(), this.#captions()),
      el("p", { class: "quiet small" }, kept(playback)),
      this.said,
    );
    cursor.addEventListener("play", (event) => this.play(event.detail));
    whoever.then((found) => this.root.toggleAttribute("hidden", !mayReview(found)));
  }

  // From so many seconds on.
  play(time_s) {
    if (this.root.hidden) return;
    this.media.currentTime = time_s + NUDGE_S;
    this.media.play().catch(() => {}); // what cannot be played says so itself
    this.root.scrollIntoView({ block: "nearest" });
  }

  #began() {
    fill(this.said);
    if (playing && playing !== this.media) playing.pause();
    playing = this.media;
    this.media.playbackRate = Number(this.speed.value);
    if (!this.media.childElementCount) this.#showTrack(); // not before: fetching them is reading
  }

  #at() {
    if (!this.media.seeking) this.cursor.dispatchEvent(new CustomEvent("at", { detail: this.media.currentTime }));
  }

  async #failed() {
    if (!this.media.error) return;
    // The element does not say why; the server does.
    const response = await fetch(recordingUrl(this.id, this.index), { method: "HEAD" }).catch(() => null);
    fill(this.said, t(response?.status === 404 ? "player.gone" : "player.problem"));
  }

  #speed() {
    const known = Number(localStorage.getItem(SPEED)) || 1;
    this.speed = el(
      "select",
      {
        onchange: () => {
          localStorage.setItem(SPEED, this.speed.value);
          this.media.playbackRate = Number(this.speed.value);
        },
      },
      SPEEDS.map((rate) => el("option", { value: rate, selected: rate === known }, `${rate}×`)),
    );
    return el("label", { class: "small" }, t("player.speed"), " ", this.speed);
  }

  #captions() {
    this.shown = el(
      "select",
      {
        onchange: () => {
          localStorage.setItem(CAPTIONS, this.shown.value);
          if (playing === this.media) this.#showTrack();
        },
      },
      el("option", { value: "" }, t("player.no_captions")),
      this.#languages().map((code) => el("option", { value: code }, t(`language.${code}`))),
    );
    const known = localStorage.getItem(CAPTIONS) ?? pageLanguage;
    this.shown.value = this.#languages().includes(known) ? known : "";
    return el("label", { class: "small" }, t("player.captions"), " ", this.shown);
  }

  // Languages in which the answer's words are there.
  #languages() {
    return ["en", "id"].filter((code) => this.result[`transkripsi_${code}`]);
  }

  // One track at a time: browsers show several at once where their own settings ask for captions.
  #showTrack() {
    const code = this.shown.value;
    this.media.replaceChildren();
    if (!code) return;
    const node = el("track", {
      kind: "captions",
      srclang: code,
      label: t(`language.${code}`),
      src: transcriptUrl(this.id, this.index, "vtt", code),
    });
    this.media.append(node);
    node.track.mode = "showing";
  }
}

function kept(playback) {
  return playback.expire_time ? t("player.until", when(playback)) : t("player.until_decided");
}
