// What every page begins with: skip link, name, navigation, language.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { choose, language, t, translate } from "./i18n.js";

const PAGES = [
  ["/Upload.html", "nav.upload"],
  ["/sessions.html", "nav.sessions"],
  ["/jobs.html", "nav.jobs"],
  ["/links.html", "nav.links"],
  ["/organisation.html", "nav.organisation"],
  ["/docs", "nav.api"],
];
const LANGUAGES = [
  ["en", "English"],
  ["id", "Bahasa Indonesia"],
];

const main = document.querySelector("main");
main.id ||= "main";
main.tabIndex = -1;
translate(document.body);
document.body.prepend(el("a", { class: "skip", href: `#${main.id}` }, t("nav.skip")));
fill(
  document.querySelector("header.top"),
  el("a", { class: "brand", href: "/Upload.html" }, "Interview Assessment System"),
  el(
    "nav",
    { "aria-label": t("nav.site") },
    PAGES.map(([href, key]) =>
      el(
        "a",
        {
          href,
          "aria-current": location.pathname === href ? "page" : undefined,
        },
        t(key),
      ),
    ),
  ),
  el(
    "div",
    { class: "languages", role: "group", "aria-label": t("nav.language") },
    LANGUAGES.map(([code, name]) =>
      el(
        "button",
        {
          type: "button",
          lang: code,
          title: name,
          "aria-label": name,
          "aria-pressed": String(code === language),
          onclick: () => choose(code),
        },
        code.toUpperCase(),
      ),
    ),
  ),
);

// Out here, and at the company's server where one came from there.
async function signOut() {
  const out = await api.signOut();
  location.assign(out.location || "/sign-in.html");
}

// For whoever is a member of several: the one that they act for now, and the others.
function organisations(found) {
  const menu = el(
    "select",
    { class: "organisations", "aria-label": t("nav.organisations"), onchange: () => change(menu) },
    found.organisations.map(({ organisation_id, name }) =>
      el("option", { value: organisation_id, selected: organisation_id === found.organisation }, name),
    ),
  );
  return menu;
}

// What this page shows belongs to the organisation before: begin with a list.
async function change(menu) {
  try {
    await api.chooseOrganisation(menu.value);
    location.assign("/sessions.html");
  } catch {
    location.reload();
  }
}

// Whoever is signed in, and the way out.
export const whoever = api.me();

// Whether somebody may open evidence; without sign-in everyone may.
export function mayReview(found) {
  return !found || api.may(found, "review");
}

whoever.then((found) => {
  if (!found?.sign_in) return;
  document.querySelector('header.top nav a[href="/links.html"]').hidden = !api.may(found, "submit");
  document.querySelector('header.top nav a[href="/organisation.html"]').hidden = !api.may(found, "admin");
  document
    .querySelector("header.top .languages")
    .before(
      el(
        "span",
        { class: "small" },
        `${found.name} `,
        found.organisations?.length ? organisations(found) : null,
        el("button", { type: "button", class: "small", onclick: signOut }, t("sign_in.out")),
      ),
    );
});
