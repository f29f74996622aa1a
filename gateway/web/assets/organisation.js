// Where admins of an organisation keep its members, keys and settings.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { whoever } from "./header.js";
import { t } from "./i18n.js";
import { KeysPanel } from "./organisation/keys.js";
import { EncryptionPanel } from "./organisation/encryption.js";
import { MembersPanel } from "./organisation/members.js";
import { SecretsPanel } from "./organisation/secrets.js";
import { SettingsPanel } from "./organisation/settings.js";

document.title = `${t("organisation.title")} · Interview Assessment System`;
const root = document.getElementById("organisation");

whoever.then(async (found) => {
  if (!found || !api.may(found, "admin")) {
    fill(root, el("p", { class: "lead", role: "status" }, t("organisation.may_not")));
    return;
  }
  const members = new MembersPanel(),
    keys = new KeysPanel();
  const settled = [SettingsPanel, SecretsPanel, EncryptionPanel].map((Panel) => new Panel());
  fill(
    root,
    members.root,
    keys.root,
    settled.map((panel) => panel.root),
  );
  const own = await api.organisation().catch(() => null);
  if (own) document.querySelector("h1").textContent = own.name;
  members.load();
  keys.load();
  loadSettings(settled, own);
});

async function loadSettings(panels, own) {
  try {
    const [found, { policies }] = await Promise.all([api.settings(), api.choices()]);
    panels.forEach((panel) => panel.show(found, { policies, organisation: own?.organisation_id ?? "" }));
  } catch (error) {
    panels.forEach((panel) => (panel.said.textContent = error.message));
  }
}
