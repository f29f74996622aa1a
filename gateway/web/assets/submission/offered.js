// Lists of what the server offers, to choose from.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

// Choices of this server; the first is its own.
export function offer(select, items, label) {
  const chosen = select.value;
  fill(
    select,
    el("option", { value: "" }, t("jobs.usual")),
    items.map((item) => el("option", { value: item.name }, label(item))),
  );
  choose(select, chosen);
}

// Chooses a value, also one that is not offered (any more).
export function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(el("option", { value }, value));
  select.value = value;
}
