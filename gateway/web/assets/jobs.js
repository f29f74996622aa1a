// The list of jobs, with how far candidates are.

import * as api from "./api.js";
import { badge, el, fill, moment } from "./dom.js";
import { whoever } from "./header.js";
import { t } from "./i18n.js";

const COLUMNS = ["job", "invited", "answering", "handed_in", "to_decide", "made"];
const COUNTS = new Set(COLUMNS.slice(1, -1));

document.title = `${t("jobs.title")} · Interview Assessment System`;
const said = el("p", { role: "status", class: "quiet" });
const body = el("tbody");
const more = el("button", { type: "button", hidden: true, onclick: () => load(token) }, t("sessions.more"));
const away = el("input", { type: "checkbox", onchange: () => load() });
const make = el("a", { class: "button primary", href: "/job.html" }, t("jobs.new"));
let token = "",
  asked = 0; // only the answer to the last question counts

fill(
  document.getElementById("jobs"),
  el("div", { class: "between" }, make, el("label", {}, away, " ", t("jobs.archived"))),
  said,
  el(
    "div",
    { class: "scroll card", tabindex: "0", role: "region", "aria-label": t("jobs.title") },
    el(
      "table",
      { class: "sessions stacked" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          COLUMNS.map((name) => el("th", { scope: "col", class: COUNTS.has(name) && "end" }, t(`jobs.${name}`))),
        ),
      ),
      body,
    ),
  ),
  el("div", { class: "actions" }, more),
);
whoever.then((found) => {
  make.hidden = Boolean(found && !api.may(found, "submit"));
});
load();

async function load(from = "") {
  asked += 1;
  const mine = asked;
  try {
    const page = await api.jobs(away.checked, from);
    if (mine !== asked) return;
    if (!from) fill(body);
    body.append(...page.jobs.map(row));
    token = page.next_page_token;
    more.hidden = !token;
    said.textContent = body.childElementCount ? "" : t(away.checked ? "jobs.none_archived" : "jobs.none");
  } catch (error) {
    said.textContent = error.message;
  }
}

function row(job) {
  const { created, sent, opened, started, handed_in, expired, revoked } = job.invitations;
  const closed = job.close_time && new Date(job.close_time) <= new Date();
  return el(
    "tr",
    {},
    el(
      "td",
      {},
      el("a", { href: `/job.html?${new URLSearchParams({ job: job.job_id })}` }, job.title),
      el(
        "div",
        { class: "quiet small" },
        t("jobs.about", { language: t(`language.${job.language}`), n: job.questions.length }),
      ),
      closed && badge(t("jobs.closed"), "warn"),
    ),
    [
      created + sent + opened + started + handed_in + expired + revoked,
      opened + started,
      handed_in,
      job.sessions.open + job.sessions.contested,
    ].map((count, place) => el("td", { class: "end", "data-label": t(`jobs.${COLUMNS[place + 1]}`) }, count)),
    el("td", { "data-label": t("jobs.made") }, moment(job.create_time)),
  );
}
