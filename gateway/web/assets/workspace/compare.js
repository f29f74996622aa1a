// Two to four candidates side by side, question by question: `?sessions=a,b,c`.

import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { mayReview, whoever } from "../header.js";
import { t } from "../i18n.js";
import { goneWords } from "../results/gone.js";
import { jobPage } from "./address.js";
import { overview } from "./overview.js";
import { questionsOf } from "./questions.js";
import { sessionPage } from "./row.js";
import { side } from "./side.js";

const FEWEST = 2,
  MOST = 4;
const root = document.querySelector("main");
const ids = [...new Set((new URLSearchParams(location.search).get("sessions") ?? "").split(",").filter(Boolean))];

document.title = `${t("compare.title")} · Interview Assessment System`;
load().catch((error) => say(error.message));

async function load() {
  if (ids.length < FEWEST || ids.length > MOST) {
    say(t("compare.need"));
    return;
  }
  const plays = mayReview(await whoever);
  const found = await Promise.all(ids.map((id) => opened(id, plays)));
  const there = found.filter(({ result }) => result);
  const missing = found.filter(({ result }) => !result);
  show(there, missing);
}

async function opened(id, plays) {
  const session = await api.session(id);
  if (session?.blind && (await api.scorecards(id)).rate_first) return { id, session, rateFirst: true };
  const [result, similar] = await Promise.all([api.results(id).catch(() => null), api.similarAnswers(id)]);
  const gone = result ? "" : await goneWords(id).catch((error) => error.message);
  return { id, result, session, similar, gone, plays };
}

function show(candidates, missing) {
  fill(
    root,
    wayBack([...candidates, ...missing]),
    el("h1", {}, t("compare.title")),
    el("p", { class: "lead" }, t("compare.lead")),
    missing.map((each) => el("p", { class: "problem", role: "alert" }, lacking(each))),
    candidates.length > 0 && overview(candidates),
    questionsOf(candidates).map((question, place) => compared(question, place, candidates)),
  );
}

// Why a candidate cannot be compared.
function lacking(each) {
  if (each.rateFirst)
    return [
      `${t("compare.rate_first", { name: named(each) })} `,
      el("a", { href: sessionPage(each.id) }, t("compare.rate")),
    ];
  return each.gone ? `${named(each)}: ${each.gone}` : t("compare.gone", { name: named(each) });
}

function named({ id, session }) {
  return session?.candidate_name ?? id;
}

function compared({ text, answers }, place, candidates) {
  return el(
    "section",
    { class: "card", "aria-labelledby": `question-${place}` },
    el("p", { class: "quiet small" }, t("compare.question", { n: place + 1 })),
    el("h2", { id: `question-${place}` }, text),
    el(
      "div",
      { class: "beside" },
      candidates.map((candidate) => side(candidate, answers.get(candidate.id))),
    ),
  );
}

function say(message) {
  fill(root, wayBack([]), el("h1", {}, t("compare.title")), el("p", { class: "problem", role: "alert" }, message));
}

// To the job, where the candidates have one.
function wayBack(candidates) {
  const job = candidates.map(({ session }) => session?.job_id).find(Boolean);
  if (job) return el("a", { href: jobPage(job) }, `← ${t("compare.back")}`);
  return el("a", { href: "/sessions.html" }, `← ${t("compare.to_sessions")}`);
}
