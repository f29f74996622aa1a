// Signing in with an API key; back to where one came from.

import * as api from "./api.js";
import "./header.js";
import { t } from "./i18n.js";

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

// A path of this site, whatever the address says.
function back() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/Upload.html";
}
