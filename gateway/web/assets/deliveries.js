// What became of webhooks: each event with its tries and what was answered, and sending it again.

import * as api from "./api.js";
import { badge, el, fill, moment } from "./dom.js";
import { whoever } from "./header.js";
import { known, t } from "./i18n.js";
import { jobPage } from "./workspace/address.js";

const KINDS = { delivered: "good", failed: "bad" };
const STATES = ["pending", "delivered", "failed"];
const COLUMNS = ["event", "to", "state", "tries", "answer", "acts"];

const root = document.getElementById("deliveries");
const job = new URLSearchParams(location.search).get("job") ?? "";
const body = el("tbody");
const said = el("p", { role: "status", class: "small" });
const problem = el("p", { class: "problem", role: "alert" });
const state = el(
  "select",
  { onchange: () => load() },
  el("option", { value: "" }, t("sessions.all")),
  STATES.map((name) => el("option", { value: name }, t(`deliveries.state.${name}`))),
);
const more = el("button", { type: "button", hidden: true, onclick: () => load(next) }, t("sessions.more"));
let next = "",
  asked = 0; // only the answer to the last question counts

document.title = `${t("deliveries.title")} · Interview Assessment System`;
whoever.then((found) => {
  if (!found || api.may(found, "submit")) show();
  else fill(root, el("p", { class: "lead", role: "status" }, t("deliveries.may_not")));
});

function show() {
  fill(
    root,
    job && el("a", { href: jobPage(job) }, `← ${t("deliveries.back")}`),
    el("h1", {}, t("deliveries.title")),
    el("p", { class: "lead" }, t("deliveries.lead")),
    problem,
    el(
      "section",
      { class: "card" },
      el("div", { class: "between" }, said, el("label", {}, t("sessions.state"), state)),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": t("deliveries.title") },
        el(
          "table",
          { class: "sessions stacked" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              COLUMNS.map((name) => el("th", { scope: "col" }, t(`deliveries.${name}`))),
            ),
          ),
          body,
        ),
      ),
      el("div", { class: "actions" }, more),
    ),
  );
  load();
}

async function load(from = "") {
  asked += 1;
  const mine = asked;
  await tried(async () => {
    const page = await api.deliveries(job, state.value, from);
    if (mine !== asked) return;
    if (!from) fill(body);
    body.append(...page.deliveries.map((delivery) => rowOf(delivery)));
    next = page.next_page_token;
    more.hidden = !next;
    said.textContent = body.childElementCount ? "" : t("deliveries.none");
  });
}

function rowOf(delivery) {
  const row = el("tr");
  draw(row, delivery);
  return row;
}

function draw(row, delivery) {
  const name = `event.${delivery.event}`;
  fill(
    row,
    el(
      "td",
      {},
      known(name) ? t(name) : delivery.event,
      el("div", { class: "quiet small" }, `${moment(delivery.create_time)} · `, el("code", {}, delivery.event)),
    ),
    el("td", { "data-label": t("deliveries.to") }, el("span", { class: "address small" }, delivery.url)),
    el(
      "td",
      { "data-label": t("deliveries.state") },
      badge(t(`deliveries.state.${delivery.state}`), KINDS[delivery.state] ?? ""),
    ),
    el(
      "td",
      { "data-label": t("deliveries.tries") },
      String(delivery.attempts),
      delivery.try_time && el("div", { class: "quiet small" }, moment(delivery.try_time)),
    ),
    el(
      "td",
      { "data-label": t("deliveries.answer") },
      delivery.last_code ? String(delivery.last_code) : "–",
      delivery.last_reason && el("div", { class: "quiet small" }, reason(delivery.last_reason)),
    ),
    el(
      "td",
      {},
      el(
        "button",
        {
          type: "button",
          "aria-label": t("deliveries.resend_of", { event: delivery.event, when: moment(delivery.create_time) }),
          onclick: () => resend(row, delivery),
        },
        t("deliveries.resend"),
      ),
    ),
  );
}

function reason(name) {
  return known(`delivery.${name}`) ? t(`delivery.${name}`) : name;
}

async function resend(row, delivery) {
  await tried(async () => {
    draw(row, await api.resendDelivery(delivery.delivery_id));
    said.textContent = t("deliveries.resent");
    row.querySelector("button").focus();
  });
}

async function tried(act) {
  problem.textContent = "";
  try {
    await act();
  } catch (error) {
    problem.textContent = error.message;
  }
}
