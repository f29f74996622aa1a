// The upload page: form, sending, following.

import * as api from "./api.js";
import "./header.js";
import { t } from "./i18n.js";
import { ChoicesPanel } from "./submission/choices.js";
import { JsonPanel } from "./submission/json.js";
import { VideosPanel } from "./submission/videos.js";
import { ProgressPanel } from "./submission/progress.js";
import { forgetIfGone, uploadAll } from "./uploads.js";

const STORED = "video_processing_session";
const at = (id) => document.getElementById(id);

document.title = `${t("upload.title")} · Interview Assessment System`;
const form = at("form");
const videos = new VideosPanel(at("files-panel"));
const links = new JsonPanel(at("json-panel"));
const progress = new ProgressPanel(at("progress"), { onCancel: cancel, onAgain: startOver });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send().catch((error) => {
    show("start");
    complain(error.message);
  });
});
form.addEventListener("input", () => complain(""));
form.addEventListener("change", showMode);
showMode();
const choices = new ChoicesPanel();
at("choices").append(...choices.fields);
api.choices().then((found) => choices.offer(found));

const running = localStorage.getItem(STORED);
if (running) followSession(running);

async function send() {
  complain("");
  const reply = await (mode() === "json" ? sendLinks() : sendFiles());
  localStorage.setItem(STORED, reply.session_id);
  followSession(reply.session_id);
}

function sendLinks() {
  const sending = api.uploadJson(links.body(at("language").value, chosen()));
  show("progress");
  return sending;
}

async function sendFiles() {
  const candidate = at("candidate").value.trim();
  if (!candidate) {
    at("candidate").focus();
    throw new Error(t("upload.need_name"));
  }
  const body = { candidate_name: candidate, language: at("language").value, ...chosen() };
  const entries = videos.entries(),
    files = entries.map(({ file }) => file);
  progress.sending(0);
  show("progress");
  const ids = await uploadAll(files, { endpoint: "/v1/uploads", onProgress: (share) => progress.sending(share) });
  const answers = entries.map(({ question }, index) => ({ question, upload_id: ids[index] }));
  return api.createSession({ ...body, answers }).catch((error) => {
    forgetIfGone(files, error);
    throw error;
  });
}

// Policy, rubric and consent as far as they are chosen. Throws an Error where the policy requires a consent.
function chosen() {
  return Object.fromEntries(Object.entries(choices.values()).filter(([, value]) => value));
}

function followSession(id) {
  show("progress");
  progress.waiting();
  api.follow(id, (body) => {
    if (body.status === "completed" || body.status === "not_found" || body.status === "error") {
      localStorage.removeItem(STORED);
    }
    if (body.status === "completed") location.assign(`/${body.redirect}`);
    else if (body.status === "not_found") {
      show("start");
      complain(body.deleted ? body.message : t("progress.gone"));
    } else progress.update(body);
  });
}

async function cancel() {
  const id = localStorage.getItem(STORED);
  if (id) await api.cancel(id);
}

function startOver() {
  videos.clear();
  show("start");
}

function mode() {
  return new FormData(form).get("mode");
}

function showMode() {
  const json = mode() === "json";
  for (const node of form.querySelectorAll(".files-only")) node.hidden = json;
  for (const node of form.querySelectorAll(".json-only")) node.hidden = !json;
}

function show(id) {
  at("start").hidden = id !== "start";
  at("progress").hidden = id !== "progress";
}

function complain(message) {
  at("problem").textContent = message;
  at("problem").hidden = !message;
}
