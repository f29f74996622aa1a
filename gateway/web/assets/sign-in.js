// Signing in, at the company's server or with an API key; back to where one came from.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { whoever } from "./header.js";
import { t } from "./i18n.js";

const PROBLEMS = new Set(["NOT_A_MEMBER", "UPSTREAM_DOWN", "RATE_LIMITED", "SIGN_IN_OFF"]);
const at = (id) => document.getElementById(id);
document.title = `${t("sign_in.title")} · Interview Assessment System`;

at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await api.signIn(at("key").value.trim());
    location.assign(back());
  } catch (error) {
    at("problem").textContent = error.message;
  }
});

// The company's own sign-in, where there is one; a key is the other way then.
api.signInWays().then(({ oidc }) => {
  at("company").hidden = !oidc || !at("choice").hidden;
  if (!oidc) return;
  at("company-do").href = `/v1/sign-in/oidc?${new URLSearchParams({ next: back() })}`;
});
const problem = new URLSearchParams(location.search).get("problem");
if (problem) at("refused").textContent = t(PROBLEMS.has(problem) ? `sign_in.${problem}` : "sign_in.TOKEN_REFUSED");

// Signed in at the company's server, as a member of several organisations.
if (new URLSearchParams(location.search).has("choose"))
  whoever.then((found) => {
    if (!found?.organisations?.length) return;
    at("company").hidden = at("form").hidden = true;
    at("choice").hidden = false;
    fill(
      at("places"),
      found.organisations.map(({ organisation_id, name }) =>
        el("button", { type: "button", onclick: () => enter(organisation_id) }, name),
      ),
    );
  });

async function enter(id) {
  try {
    await api.chooseOrganisation(id);
    location.assign(back());
  } catch (error) {
    at("refused").textContent = error.message;
  }
}

// A path of this site, whatever the address says.
function back() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/Upload.html";
}
