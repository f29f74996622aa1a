// Where admins of an organisation keep its members and keys.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { whoever } from "./header.js";
import { t } from "./i18n.js";
import { KeysPanel } from "./organisation/keys.js";
import { MembersPanel } from "./organisation/members.js";

document.title = `${t("organisation.title")} · Interview Assessment System`;
const root = document.getElementById("organisation");

whoever.then(async (found) => {
  if (!found || !api.may(found, "admin")) {
    fill(root, el("p", { class: "lead", role: "status" }, t("organisation.may_not")));
    return;
  }
  const members = new MembersPanel(),
    keys = new KeysPanel();
  fill(root, members.root, keys.root);
  const own = await api.organisation().catch(() => null);
  if (own) document.querySelector("h1").textContent = own.name;
  members.load();
  keys.load();
});
