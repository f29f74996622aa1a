// The upload page: form, sending, following.

import * as api from "./api.js";
import { JsonPanel } from "./panels/json.js";
import { VideosPanel } from "./panels/videos.js";
import { ProgressPanel } from "./panels/progress.js";

const STORED = "video_processing_session";
const at = (id) => document.getElementById(id);

const form = at("form");
const videos = new VideosPanel(at("files-panel"));
const links = new JsonPanel(at("json-panel"));
const progress = new ProgressPanel(at("progress"), { onCancel: cancel, onAgain: startOver });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send().catch((error) => { show("start"); complain(error.message); });
});
form.addEventListener("change", showMode);
showMode();

const running = localStorage.getItem(STORED);
if (running) followSession(running);

async function send() {
  complain("");
  const sending = mode() === "json" ? api.uploadJson(links.body(at("language").value)) : sendFiles();
  show("progress");
  const reply = await sending;
  localStorage.setItem(STORED, reply.session_id);
  followSession(reply.session_id);
}

function sendFiles() {
  const candidate = at("candidate").value.trim();
  if (!candidate) throw new Error("Enter the candidate's name.");
  const body = new FormData();
  body.append("candidate_name", candidate);
  body.append("language", at("language").value);
  for (const { file, question } of videos.entries()) {
    body.append("question", question);
    body.append("videos", file);
  }
  progress.sending(0);
  return api.upload(body, (share) => progress.sending(share));
}

function followSession(id) {
  show("progress");
  progress.waiting();
  api.follow(id, (body) => {
    if (body.status === "completed" || body.status === "not_found" || body.status === "error") {
      localStorage.removeItem(STORED);
    }
    if (body.status === "completed") location.assign(`/${body.redirect}`);
    else if (body.status === "not_found") show("start");
    else progress.update(body);
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
