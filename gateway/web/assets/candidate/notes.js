// What the page notes while it records: pauses, and signals where the candidate was told of them.

import { watched } from "./signals.js";

const MOST = 500; // as the server has it

export class Notes {
  #marks = [];
  #open = new Map();
  #seconds;
  #tell;

  // `seconds` gives how much is recorded; `tell` is given all notes whenever there are new ones.
  constructor(signals, seconds, tell) {
    this.#seconds = seconds;
    this.#tell = tell;
    const on = { begin: (kind) => this.begin(kind), end: (kind) => this.end(kind), once: (kind) => this.once(kind) };
    this.watch = watched(signals, on);
    if (signals.length) this.#told();
  }

  begin(kind) {
    if (this.#marks.length >= MOST) return;
    const mark = { kind, start_s: this.#now(), end_s: null, duration_s: null };
    this.#marks.push(mark);
    this.#open.set(kind, { mark, at: performance.now() });
    this.#told();
  }

  end(kind) {
    const open = this.#open.get(kind);
    if (!open) return;
    open.mark.end_s = this.#now();
    open.mark.duration_s = rounded((performance.now() - open.at) / 1000);
    this.#open.delete(kind);
    this.#told();
  }

  once(kind) {
    this.begin(kind);
    this.end(kind);
  }

  // The recording is over, and what lasted until then with it.
  stop() {
    this.watch.stop();
    for (const kind of this.#open.keys()) this.end(kind);
  }

  #now() {
    return rounded(this.#seconds());
  }

  #told() {
    const { measured, notMeasured } = this.watch;
    this.#tell({ marks: this.#marks.map((mark) => ({ ...mark })), measured, not_measured: notMeasured });
  }
}

function rounded(seconds) {
  return Math.round(seconds * 100) / 100;
}
