// One job: who is invited and how far they are, what they are asked. Without `?job=`: a new one.

import * as api from "./api.js";
import { badge, el, fill, moment } from "./dom.js";
import { whoever } from "./header.js";
import { t } from "./i18n.js";
import { GroupsPanel } from "./jobs/groups.js";
import { InvitationsPanel } from "./jobs/invitations.js";
import { InvitePanel } from "./jobs/invite.js";
import { JobEditor } from "./jobs/job-editor.js";
import { TeamPanel } from "./jobs/team.js";
import { CandidatesPanel } from "./workspace/candidates.js";

const STARTED = ["pending", "running", "completed", "failed", "cancelled"];
const root = document.getElementById("job");
const id = new URLSearchParams(location.search).get("job");
const back = el("a", { href: "/jobs.html" }, `← ${t("jobs.back")}`);
const problem = el("p", { class: "problem", role: "alert" });

document.title = `${t("jobs.title")} · Interview Assessment System`;
begin();

async function begin() {
  const me = await whoever;
  const may = !me || api.may(me, "submit");
  try {
    if (id)
      show(await api.job(id), may, !me || api.may(me, "read") || api.may(me, "review"), !me || api.may(me, "admin"));
    else if (may) create(await api.jobTemplates());
    else fill(root, back, el("p", { class: "lead", role: "status" }, t("jobs.may_not")));
  } catch (error) {
    fill(root, back, el("p", { class: "problem", role: "alert" }, error.code === 404 ? t("jobs.gone") : error.message));
  }
}

function create({ templates }) {
  const editor = new JobEditor(t("jobs.make"), async (body) => {
    const made = await api.makeJob(body);
    location.assign(`/job.html?${new URLSearchParams({ job: made.job_id })}`);
  });
  const start = el(
    "select",
    { onchange: () => editor.show(templates.find((template) => template.name === start.value) ?? {}) },
    el("option", { value: "" }, t("jobs.empty")),
    templates.map((template) =>
      el("option", { value: template.name }, `${template.title} (${t(`language.${template.language}`)})`),
    ),
  );
  fill(
    root,
    back,
    el("h1", {}, t("jobs.new")),
    el("label", { class: "field" }, t("jobs.template"), start),
    editor.root,
  );
}

// `may`: whether this person changes the job and invites; `reads`: whether they see results;
// `audits`: whether they see how groups fare, and say who is in the team.
function show(job, may, reads, audits) {
  document.title = `${job.title} · Interview Assessment System`;
  const invitations = new InvitationsPanel(job.job_id, may);
  const invite = new InvitePanel(job.job_id, () => invitations.load());
  const groups = new GroupsPanel(job.job_id, may, audits);
  const team = new TeamPanel(job.job_id, audits);
  const candidates = reads && new CandidatesPanel(job.job_id);
  const some = candidates && STARTED.some((state) => job.sessions[state]);
  const open = !job.archive_time && (!job.close_time || new Date(job.close_time) > new Date());
  root.parentElement.classList.remove("narrow"); // tables take the room that there is
  fill(
    root,
    back,
    el("h1", {}, job.title),
    el("p", { class: "lead" }, facts(job)),
    counts(job),
    !open && el("p", {}, badge(t(job.archive_time ? "jobs.put_away" : "jobs.closed"), "warn")),
    problem,
    some && candidates.root,
    may && open && invite.root,
    invitations.root,
    candidates && !some && candidates.root,
    questions(job, may),
    groups.root,
    team.root,
    may && el("div", { class: "actions" }, copyButton(job), archiveButton(job, reads, audits), webhooks(job)),
  );
  invitations.load();
  groups.load();
  team.load();
  if (candidates) candidates.load();
}

function facts(job) {
  const about = t("jobs.about", { language: t(`language.${job.language}`), n: job.questions.length });
  return job.close_time ? `${about} · ${t("jobs.until", { when: moment(job.close_time) })}` : about;
}

// How far the job's candidates are, as in the list of jobs.
function counts({ invitations, sessions }) {
  const invited = Object.values(invitations).reduce((sum, count) => sum + count, 0);
  if (!invited) return null;
  const open = sessions.open + sessions.contested;
  return el("p", {}, t("jobs.counts", { invited, handed_in: invitations.handed_in, open }));
}

function questions(job, may) {
  const editor = new JobEditor(t("jobs.save"), async (body) => {
    await api.changeJob(job.job_id, { ...body, sha256: job.sha256 });
    location.reload();
  });
  editor.show(job, may);
  const version = job.freeze_time ? "jobs.frozen" : "jobs.not_frozen";
  return el(
    "details",
    { class: "card" },
    el("summary", {}, t("jobs.questions")),
    el("p", { class: "quiet small" }, t(version, { n: job.version })),
    editor.root,
  );
}

// Where it can be seen what became of webhooks.
function webhooks(job) {
  const address = `/deliveries.html?${new URLSearchParams({ job: job.job_id })}`;
  return el("a", { class: "button", href: address }, t("deliveries.title"));
}

function copyButton(job) {
  const act = () => api.copyJob(job.job_id, t("jobs.copy_of", { title: job.title }).slice(0, 200));
  return el(
    "button",
    {
      type: "button",
      onclick: () => tried(act, (made) => location.assign(`/job.html?${new URLSearchParams({ job: made.job_id })}`)),
    },
    t("jobs.copy"),
  );
}

function archiveButton(job, reads, audits) {
  return el(
    "button",
    {
      type: "button",
      onclick: () =>
        tried(
          () => api.archiveJob(job.job_id, !job.archive_time),
          (changed) => show(changed, true, reads, audits),
        ),
    },
    t(job.archive_time ? "jobs.restore" : "jobs.archive"),
  );
}

async function tried(act, then) {
  problem.textContent = "";
  try {
    then(await act());
  } catch (error) {
    problem.textContent = error.message;
  }
}
