// Where each question stands: what the server has of it, and what is still on its way.

import * as api from "../api.js";
import { Sending, finished, removed, secondsOf } from "./sending.js";

const EXTENSIONS = { webm: "webm", mp4: "mp4" };

export class Answers {
  #token;
  #takes; // of each question, oldest first: { id, take, bytes, whole } or { sending, take }
  #counted = []; // how many of each the server knew of at last, deleted ones included
  #onChange = () => {};

  constructor(token, questions) {
    this.#token = token;
    this.questions = questions;
    this.#takes = questions.map(() => []);
  }

  set onChange(listener) {
    this.#onChange = listener;
  }

  async load() {
    const { uploads, takes } = await api.linkUploads(this.#token);
    this.#counted = takes;
    const mine = new Set(this.#takes.flat().map(({ sending }) => sending?.id));
    const rest = new Set(uploads.filter((each) => isRest(each) && !mine.has(each.upload_id)));
    for (const { upload_id } of rest) removed(this.#token, upload_id).catch(() => {});
    this.#takes = this.questions.map(({ index }) => {
      const sent = this.#takes[index].filter(({ sending }) => sending && isKnown(sending, uploads));
      const there = uploads.filter(
        (each) => each.metadata.question === String(index) && !mine.has(each.upload_id) && !rest.has(each),
      );
      return [...there.map(taken), ...sent].toSorted((a, b) => a.take - b.take || isWhole(a) - isWhole(b));
    });
    this.#onChange();
  }

  // "missing", "interrupted", "sending", "failed" or "there", of the newest take.
  state(index) {
    const last = this.#takes[index].at(-1);
    if (!last) return "missing";
    if (last.sending) return last.sending.arrived ? "there" : last.sending.problem ? "failed" : "sending";
    return last.whole ? "there" : "interrupted";
  }

  sending(index) {
    return this.#takes[index].at(-1)?.sending;
  }

  // What was recorded here, so that it can be saved where it cannot be sent.
  recording(index) {
    return this.#takes[index].at(-1)?.recording;
  }

  // About how much of an interrupted recording arrived; 0: it was not made in this browser.
  seconds(index) {
    return secondsOf(this.#takes[index].at(-1)?.id);
  }

  bytes(index) {
    return this.#takes[index].at(-1)?.bytes ?? 0;
  }

  // Whether a question can be answered no more, although nothing of it is there: it was deleted once too often.
  spent(index) {
    return this.state(index) === "missing" && this.retakesLeft(index) === 0;
  }

  get open() {
    return this.questions.filter(({ index }) => this.state(index) === "missing" && !this.spent(index));
  }

  // Those that a file can still answer: also where a recording was interrupted or could not be sent.
  get lacking() {
    const wanted = (index) => ["missing", "interrupted", "failed"].includes(this.state(index)) && !this.spent(index);
    return this.questions.filter(({ index }) => wanted(index));
  }

  get complete() {
    return this.questions.every(({ index }) => this.state(index) === "there");
  }

  get any() {
    return this.#takes.some((takes) => takes.length > 0);
  }

  get pending() {
    return this.#takes.flat().some(({ sending }) => sending?.pending);
  }

  // How often a question may still be answered again; null: as often as wanted. What a lost page cut off does not count.
  retakesLeft(index) {
    const { retakes } = this.questions[index];
    return retakes === null ? null : Math.max(0, retakes + 2 - this.#next(index));
  }

  // A take of a question begins; what the camera gives is added to what this returns.
  begin(index, mimeType) {
    const take = this.#next(index);
    this.#drop(index, (each) => !isWhole(each)).catch(() => {}); // what stays expires by itself
    const ending = EXTENSIONS[mimeType.split(/[/;]/)[1]] ?? "webm";
    const metadata = { filename: `question-${index + 1}.${ending}`, filetype: mimeType, question: index, take };
    const sending = new Sending({ token: this.#token, metadata, onChange: () => this.#onChange() });
    this.#takes[index].push({ sending, take });
    return sending;
  }

  // The newest take is the answer, and `recording` the whole of it: those before it go once all of it has arrived.
  async keep(index, recording = null) {
    const last = this.#takes[index].at(-1);
    last.recording = recording;
    if (last.sending) await last.sending.done;
    else if (!last.whole) {
      await finished(this.#token, last.id, last.bytes);
      last.whole = true;
    }
    if (isWhole(last)) await this.#drop(index, (each) => each !== last && this.#takes[index].at(-1) === last);
    this.#onChange();
  }

  // Metadata by which a file that was chosen is found again.
  metadata(index) {
    return { question: String(index), take: String(this.#next(index)) };
  }

  async withdraw() {
    for (const { index } of this.questions) await this.#drop(index, () => true);
    await this.load();
  }

  // The questions that could not be answered again if their recordings were deleted.
  get last() {
    const isLast = (index) => this.state(index) !== "missing" && this.retakesLeft(index) === 0;
    return this.questions.filter(({ index }) => isLast(index));
  }

  handIn() {
    return api.handIn(
      this.#token,
      this.#takes.map((takes) => takes.at(-1).id ?? takes.at(-1).sending.id),
    );
  }

  #next(index) {
    return (
      1 +
      Math.max(
        this.#counted[index] ?? 0,
        ...this.#takes[index].filter((each) => isWhole(each) || each.sending?.pending).map(({ take }) => take),
      )
    );
  }

  async #drop(index, wanted) {
    for (const each of this.#takes[index].filter(wanted)) {
      await (each.sending ? each.sending.giveUp() : removed(this.#token, each.id));
      this.#takes[index] = this.#takes[index].filter((other) => other !== each);
    }
  }
}

function isWhole({ whole, sending }) {
  return Boolean(whole || sending?.arrived);
}

// Whether a recording of this page is still on its way or on the server: there it ends by itself after a day.
function isKnown(sending, uploads) {
  return sending.pending || sending.problem || uploads.some(({ upload_id }) => upload_id === sending.id);
}

// What a lost page or answer left behind: a measurement of the line, a recording of which nothing came.
function isRest({ offset, length, metadata }) {
  return "speed" in metadata || ("question" in metadata && offset === 0 && length === null);
}

function taken({ upload_id, offset, length, metadata }) {
  return { id: upload_id, take: Number(metadata.take) || 1, bytes: offset, whole: offset === length };
}
