// The dashboard of one session.

import * as api from "./api.js";
import { el, fill, moment } from "./dom.js";
import { whoever } from "./header.js";
import { language, t } from "./i18n.js";
import { aggregatePanel } from "./results/aggregate.js";
import { answerPanel } from "./results/answer.js";
import { gonePage } from "./results/gone.js";
import { LetterPanel } from "./results/letter.js";
import { proposalPanel } from "./results/proposal.js";
import { provenancePanel } from "./results/provenance.js";
import { retryPanel } from "./results/retry.js";
import { ReviewPanel } from "./results/review.js";
import { Translations } from "./results/translation.js";
import { jobPage } from "./workspace/address.js";
import { agreementPanel } from "./workspace/agreement.js";
import { NotesPanel } from "./workspace/notes.js";
import { steps } from "./workspace/steps.js";
import { ScorecardForm } from "./workspace/scorecard.js";
import { similarPanel } from "./workspace/similar.js";

const root = document.querySelector("main");
const id = new URLSearchParams(location.search).get("session") ?? "";

document.title = `${t("result.title")} · Interview Assessment System`;
load().catch((error) =>
  fill(root, el("h1", {}, t("result.title")), el("p", { class: "problem", role: "alert" }, error.message)),
);

async function load() {
  const session = id ? await api.session(id) : null;
  const cards = session?.blind ? await api.scorecards(id) : null;
  if (cards?.rate_first) {
    await rateFirst(session);
    return;
  }
  const result = id ? await api.results(id) : null;
  if (result) show(result, session, cards, session?.job_id ? await api.similarAnswers(id) : []);
  else fill(root, await missing(session));
}

// Under blind review a person rates by themselves before they see what others, or the machine, made of it.
async function rateFirst(session) {
  document.title = `${session.candidate_name} · Interview Assessment System`;
  const { rubrics } = await api.choices();
  fill(
    root,
    ways(session),
    el("h1", {}, session.candidate_name),
    new ScorecardForm(session, rubrics, () => location.reload()).root,
  );
}

// Back to the job, and on to its other candidates.
function ways(session) {
  if (!session?.job_id) return null;
  const back = el("a", { href: jobPage(session.job_id) }, `← ${t("compare.back")}`);
  return el("div", { class: "between" }, back, steps(session));
}

function show(result, session, cards, similar) {
  const translations = new Translations(id, result, session);
  const name = result.name ?? session?.candidate_name ?? t("result.title");
  document.title = `${name} · Interview Assessment System`;
  fill(
    root,
    ways(session),
    el("div", { class: "between" }, el("h1", {}, name), exportsOf()),
    el(
      "p",
      { class: "quiet small" },
      `${t("result.session")} `,
      el("code", {}, id),
      session && ` · ${moment(session.create_time)}`,
      session?.retention_end_time && ` · ${t("result.kept", { when: moment(session.retention_end_time) })}`,
    ),
    el("div", { class: "pair" }, proposalPanel(result), session && new ReviewPanel(id, result, session).root),
    cards && agreementPanel(cards, session, result),
    session && new NotesPanel(session).root,
    session && new LetterPanel(session).root,
    similarPanel(similar, result),
    aggregatePanel(result),
    contents(result),
    (result.content ?? []).map((item, index) => answerPanel(item, index, id, session, translations)),
    provenancePanel(result),
  );
}

function exportsOf() {
  const address = `/v1/sessions/${encodeURIComponent(id)}/personal-data.zip`;
  const personal = el("a", { class: "button", href: address, download: "", hidden: true }, t("result.personal"));
  whoever.then((me) => {
    personal.hidden = Boolean(me) && !api.may(me, "admin");
  });
  return el(
    "div",
    { class: "actions" },
    el("a", { class: "button", href: `/v1/sessions/${id}/report.pdf?language=${language}` }, t("result.pdf")),
    el("a", { class: "button", href: `/results/${id}.json`, download: `assessment-${id}.json` }, t("result.json")),
    personal,
  );
}

function contents(result) {
  const answers = result.content ?? [];
  if (answers.length < 2) return null;
  return el(
    "nav",
    { "aria-label": t("result.answers"), class: "contents" },
    el(
      "ol",
      {},
      answers.map((item, index) => el("li", {}, el("a", { href: `#answer-${index}` }, item.question))),
    ),
  );
}

async function missing(session) {
  const gone = session ? null : await gonePage(id);
  if (gone) return gone;
  const body = await api.status(id);
  if (body.status === "downloading" || body.status === "processing") {
    localStorage.setItem("video_processing_session", id);
    location.assign("/Upload.html"); // it shows the progress and comes back
    return el("p", { class: "lead" }, body.message);
  }
  return [
    el("h1", {}, t("result.none")),
    el("p", { class: "lead" }, body.status === "error" ? body.error : t("result.missing")),
    retryPanel(
      session,
      (session?.answers ?? []).findIndex((answer) => answer.retryable),
    ),
    el("a", { class: "button primary", href: "/Upload.html" }, t("result.new")),
  ];
}
