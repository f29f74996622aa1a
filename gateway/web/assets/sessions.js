// The list of sessions: search, states, page after page.

import * as api from "./api.js";
import { badge, el, fill, moment } from "./dom.js";
import "./header.js";
import { t } from "./i18n.js";
import { outcome } from "./results/proposal.js";

const KINDS = { completed: "good", failed: "bad", cancelled: "warn" };
const STATES = ["pending", "running", "completed", "failed", "cancelled"];
const REVIEWS = ["open", "decided", "contested"];

document.title = `${t("sessions.title")} · Interview Assessment System`;
const said = document.getElementById("said"),
  list = document.getElementById("list"),
  filter = document.getElementById("filter");
const query = el("input", { type: "search", name: "q", maxlength: "200" });
const state = choice(
  "state",
  STATES.map((name) => [name, t(`state.${name}`)]),
);
const review = choice(
  "review_state",
  REVIEWS.map((name) => [name, t(`review_state.${name}`)]),
);
const body = el("tbody");
const more = el("button", { type: "button", hidden: true, onclick: () => load(token) }, t("sessions.more"));
const csv = el("a", { class: "button", download: "sessions.csv" }, t("sessions.csv"));
let token = "",
  waiting = 0,
  asked = 0; // only the answer to the last question counts

fill(
  filter,
  el("label", { class: "field" }, t("sessions.search"), query),
  el("label", { class: "field" }, t("sessions.state"), state),
  el("label", { class: "field" }, t("sessions.review"), review),
);
fill(
  list,
  el(
    "div",
    { class: "scroll card", tabindex: "0", role: "region", "aria-label": t("sessions.title") },
    el(
      "table",
      { class: "sessions stacked" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["candidate", "created", "answers", "state", "review"].map((name) =>
            el("th", { scope: "col" }, t(`sessions.${name}`)),
          ),
          el("th", {}, el("span", { class: "hidden" }, t("sessions.delete"))),
        ),
      ),
      body,
    ),
  ),
  el("div", { class: "actions" }, more, csv),
);
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => load(), 250);
});
load();

function choice(name, options) {
  return el(
    "select",
    { name },
    el("option", { value: "" }, t("sessions.all")),
    options.map(([value, label]) => el("option", { value }, label)),
  );
}

async function load(from = "") {
  const filters = new URLSearchParams(
    Object.entries({ q: query.value.trim(), state: state.value, review_state: review.value }).filter(
      ([, value]) => value,
    ),
  );
  csv.href = `/v1/sessions.csv?${filters}`;
  asked += 1;
  const mine = asked;
  try {
    const page = await api.sessions(filters, from);
    if (mine !== asked) return;
    if (!from) fill(body);
    body.append(...page.sessions.map(row));
    token = page.next_page_token;
    more.hidden = !token;
    said.textContent = body.childElementCount ? "" : t("sessions.none");
  } catch (error) {
    said.textContent = error.message;
  }
}

function row(session) {
  const line = el(
    "tr",
    {},
    el("td", {}, el("a", { href: `/halaman_dasboard.html?session=${session.session_id}` }, session.candidate_name)),
    el("td", { "data-label": t("sessions.created") }, moment(session.create_time)),
    el("td", { class: "end", "data-label": t("sessions.answers") }, session.answers.length),
    el(
      "td",
      { "data-label": t("sessions.state") },
      badge(t(`state.${session.state}`), KINDS[session.state] ?? ""),
      session.translating > 0 &&
        el("div", { class: "quiet small" }, t("sessions.translating", { n: session.translating })),
    ),
    el(
      "td",
      { "data-label": t("sessions.review") },
      session.review ? outcome(session.review.decision) : null,
      session.review_state === "contested" ? [" ", badge(t("review_state.contested"), "warn")] : null,
    ),
    el(
      "td",
      { class: "end" },
      el(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": `${t("sessions.delete")}: ${session.candidate_name}`,
          onclick: () => remove(session, line),
        },
        t("sessions.delete"),
      ),
    ),
  );
  return line;
}

async function remove(session, line) {
  if (!confirm(t("sessions.delete_ask", { name: session.candidate_name }))) return;
  try {
    await api.remove(session.session_id);
    line.remove();
    said.textContent = t("sessions.deleted");
  } catch (error) {
    said.textContent = error.message;
  }
}
