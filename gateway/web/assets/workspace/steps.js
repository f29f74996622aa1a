// From one candidate to the next, in the order of the table that one came from.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { sessionPage } from "./row.js";

const ROW = "interview_row",
  STEPPED = "interview_stepped";

// Which sessions stand in a job's table, in its order. No names: they stay on this page.
export function rememberRow(job, ids) {
  sessionStorage.setItem(ROW, JSON.stringify({ job, ids }));
}

// Links to the candidates before and after this one; nothing for who did not come from the job's table. Whoever went on
// by a link finds the same link under their key again.
export function steps(session) {
  const { job, ids } = JSON.parse(sessionStorage.getItem(ROW) ?? "{}");
  const place = job === session?.job_id ? (ids ?? []).indexOf(session?.session_id) : -1;
  if (place < 0 || ids.length < 2) return null;
  const last = sessionStorage.getItem(STEPPED);
  sessionStorage.removeItem(STEPPED);
  const link = (way, id) => id && step(way, id, way === last);
  return el(
    "nav",
    { "aria-label": t("steps.title"), class: "steps" },
    link("before", ids[place - 1]),
    el("span", { class: "quiet small" }, t("steps.place", { n: place + 1, all: ids.length })),
    link("after", ids[place + 1]),
  );
}

function step(way, id, focused) {
  const link = el(
    "a",
    { href: sessionPage(id), onclick: () => sessionStorage.setItem(STEPPED, way) },
    t(`steps.${way}`),
  );
  if (focused) queueMicrotask(() => link.focus());
  return link;
}
