// Signing in, at the company's server or with an API key; back to where one came from.

import * as api from "./api.js";
import "./header.js";
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
  at("company").hidden = !oidc;
  if (!oidc) return;
  at("company-do").href = `/v1/sign-in/oidc?${new URLSearchParams({ next: back() })}`;
});
const problem = new URLSearchParams(location.search).get("problem");
if (problem) at("refused").textContent = t(PROBLEMS.has(problem) ? `sign_in.${problem}` : "sign_in.TOKEN_REFUSED");

// A path of this site, whatever the address says.
function back() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/Upload.html";
}
