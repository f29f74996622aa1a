// A recording goes up while it is made: tus, with a length that is said at the end (creation-defer-length).
//
// What has not arrived waits in memory. After a broken connection the server is asked where it stands, so that nothing is
// sent twice and nothing is left out.

import { refused } from "../api.js";
import { t } from "../i18n.js";
import { Noting } from "./noting.js";

const ENDPOINT = "/v1/upload-link/uploads";
const MOST_BYTES = 2 ** 20; // in one request, so that a slow line gives an answer before it is given up
const GIVE_UP_MS = 120_000;
const MEASURE_MS = 15_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000];
const FINAL = new Set([400, 401, 403, 404, 410, 413, 415, 431]); // no trying again helps
const FINAL_REASONS = new Set(["TOO_MANY_UPLOADS", "RETAKES_USED"]);

export class Sending {
  #token;
  #metadata;
  #onChange;
  #waiting = [];
  #ended = false;
  #abandoned = false;
  #doubtful = false;
  #failures = 0;
  #whole = false;
  #begins;
  #noting;
  #wake = () => {};

  constructor({ token, metadata, onChange = () => {} }) {
    this.#token = token;
    this.#metadata = metadata;
    this.#onChange = onChange;
    const started = performance.now();
    this.seconds = () => (performance.now() - started) / 1000; // recorded so far; whoever knows better says so
    const begun = new Promise((resolve) => (this.#begins = resolve));
    this.#noting = new Noting(
      async (notes) => note(token, await begun, notes),
      (failures) => backOnline(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]),
    );
    this.id = null;
    this.sent = 0;
    this.total = 0;
    this.arrived = false;
    this.problem = null;
    this.done = this.#run(); // ends when all of it is stored, or with `problem`
  }

  get broken() {
    return this.#failures > 0;
  }

  get pending() {
    return !this.arrived && !this.problem && !this.#abandoned;
  }

  add(blob) {
    this.#waiting.push(blob);
    this.total += blob.size;
    this.#wake();
  }

  // What the page noted so far; it belongs to what is sent.
  note(notes) {
    this.#noting.set(notes);
  }

  finish() {
    if (!this.total) this.problem = new Error(t("take.nothing"));
    this.#ended = true;
    this.#wake();
    return this.done;
  }

  async giveUp() {
    this.#abandoned = true;
    this.#wake();
    await this.done;
    if (this.id) await removed(this.#token, this.id);
  }

  async #run() {
    while (this.pending && !this.#whole) {
      if (!this.#hasWork()) {
        await new Promise((resolve) => (this.#wake = resolve));
        continue;
      }
      try {
        await this.#step();
        this.#failures = 0;
      } catch (error) {
        await this.#failed(error);
      }
      this.#onChange(this);
    }
    if (!this.#whole) return;
    await this.#noting.done;
    this.arrived = true;
    this.#remember();
    this.#onChange(this);
  }

  #hasWork() {
    return !this.id || this.#ended || this.total > this.sent;
  }

  async #step() {
    if (!this.id) this.#begins((this.id = await this.#begun()));
    if (this.#doubtful) await this.#ask();
    if (this.#whole || (!this.#ended && this.total === this.sent)) return;
    const body = new Blob(this.#waiting).slice(0, MOST_BYTES);
    const isLast = this.#ended && this.sent + body.size === this.total;
    const headers = { "Upload-Offset": this.sent, "Content-Type": "application/offset+octet-stream" };
    if (isLast) headers["Upload-Length"] = this.total;
    this.#doubtful = true;
    const answer = await request("PATCH", `${ENDPOINT}/${this.id}`, this.#token, headers, body);
    this.#stands(answer);
    this.#whole = isLast;
    this.#remember();
  }

  async #begun() {
    const answer = await request("POST", ENDPOINT, this.#token, {
      "Upload-Defer-Length": "1",
      "Upload-Metadata": encoded(this.#metadata),
    });
    return answer.headers.get("Location").split("/").pop();
  }

  async #ask() {
    const answer = await request("HEAD", `${ENDPOINT}/${this.id}`, this.#token);
    this.#stands(answer);
    this.#whole = answer.headers.get("Upload-Length") === answer.headers.get("Upload-Offset");
  }

  #stands(answer) {
    const offset = Number(answer.headers.get("Upload-Offset"));
    this.#waiting = [new Blob(this.#waiting).slice(offset - this.sent)];
    this.sent = offset;
    this.#doubtful = false;
  }

  // For the candidate who comes back after the page was lost: the server counts bytes, people count seconds.
  #remember() {
    const seconds = this.seconds() * (this.sent / this.total);
    if (this.arrived) localStorage.removeItem(remembered(this.id));
    else localStorage.setItem(remembered(this.id), Math.round(seconds));
  }

  async #failed(error) {
    if (FINAL.has(error.code) || FINAL_REASONS.has(error.reason)) {
      this.problem = error;
      return;
    }
    const pause = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#onChange(this);
    await backOnline(pause);
  }
}

// Also where the page is closed meanwhile.
function note(token, id, notes) {
  const headers = { "Content-Type": "application/json" };
  const more = { keepalive: true };
  return request("PUT", `${ENDPOINT}/${id}/marks`, token, headers, JSON.stringify(notes), GIVE_UP_MS, more);
}

// What was recorded before an interruption becomes the whole of it.
export async function finished(token, id, bytes) {
  const headers = { "Upload-Offset": bytes, "Upload-Length": bytes, "Content-Type": "application/offset+octet-stream" };
  await request("PATCH", `${ENDPOINT}/${id}`, token, headers);
  localStorage.removeItem(remembered(id));
}

export function removed(token, id) {
  localStorage.removeItem(remembered(id));
  return request("DELETE", `${ENDPOINT}/${id}`, token).catch((error) => {
    if (error.code !== 404) throw error;
  });
}

export function secondsOf(id) {
  return Number(localStorage.getItem(remembered(id))) || 0;
}

// How fast this line sends, kbit/s: measured with bytes that are deleted at once. Null where nothing could be sent.
export async function measured(token, bytes = 96 * 2 ** 10) {
  const noise = new Uint8Array(bytes);
  for (let start = 0; start < bytes; start += 65536) crypto.getRandomValues(noise.subarray(start, start + 65536));
  const headers = {
    "Upload-Length": bytes + 1,
    "Upload-Metadata": encoded({ speed: 1 }),
    "Content-Type": "application/offset+octet-stream",
  };
  const started = performance.now();
  try {
    const answer = await request("POST", ENDPOINT, token, headers, noise, MEASURE_MS);
    const speed = (bytes * 8) / (performance.now() - started);
    await removed(token, answer.headers.get("Location").split("/").pop());
    return speed;
  } catch {
    return null;
  }
}

async function request(method, path, token, headers = {}, body = undefined, giveUpMs = GIVE_UP_MS, more = {}) {
  const all = { Authorization: `Bearer ${token}`, "Tus-Resumable": "1.0.0", ...headers };
  const options = { method, headers: all, body, signal: AbortSignal.timeout?.(giveUpMs), ...more };
  const response = await fetch(path, options).catch(() => {
    throw refused(0);
  });
  if (response.ok) return response;
  const found = await response.json().catch(() => null);
  throw Object.assign(refused(response.status, found), { reason: found?.error?.details?.[0]?.reason });
}

function remembered(id) {
  return `recorded_seconds_${id}`;
}

function encoded(metadata) {
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(metadata)
    .map(([name, value]) => `${name} ${base64(String(value))}`)
    .join(",");
}

function backOnline(most) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, most);
    addEventListener("online", end);
  });
}
