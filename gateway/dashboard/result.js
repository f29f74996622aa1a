// The result page.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { aggregatePanel } from "./panels/aggregate.js";
import { answerPanel } from "./panels/answer.js";
import { proposalPanel } from "./panels/proposal.js";
import { provenancePanel } from "./panels/provenance.js";

const root = document.getElementById("result");
const id = new URLSearchParams(location.search).get("session") ?? "";

load().catch((error) => fill(root, el("h1", {}, "Assessment"), el("p", { class: "problem", role: "alert" }, error.message)));

async function load() {
  const result = id ? await api.results(id) : null;
  if (result) show(result, await api.session(id));
  else fill(root, await missing());
}

function show(result, session) {
  document.title = `${result.name ?? "Assessment"} · Interview Assessment System`;
  const download = el("a", { class: "button", href: `/results/${id}.json`, download: `assessment-${id}.json` }, "Download JSON");
  fill(root,
    el("div", { class: "between" }, el("h1", {}, result.name ?? "Assessment"), download),
    el("p", { class: "quiet small" }, "Session ", el("code", {}, result.session ?? id)),
    proposalPanel(result, session), aggregatePanel(result),
    (result.content ?? []).map((item, index) => answerPanel(item, index, id)),
    provenancePanel(result));
}

async function missing() {
  const body = id ? await api.status(id) : { status: "not_found" };
  if (body.status === "downloading" || body.status === "processing") {
    localStorage.setItem("video_processing_session", id);
    location.assign("/Upload.html"); // it shows the progress and comes back
    return el("p", { class: "lead" }, body.message);
  }
  const text = body.status === "error" ? body.error : "There is no assessment with this address. It may have been deleted.";
  return [el("h1", {}, "No assessment"), el("p", { class: "lead" }, text),
    el("a", { class: "button primary", href: "/Upload.html" }, "Start a new one")];
}
