// The interface in English and Indonesian. What a result says stays in the language it was written in.

import en from "./i18n/en.js";
import id from "./i18n/id.js";

const TABLES = { en, id };
const STORED = "interview_language";

export const language = chosen();
document.documentElement.lang = language;

// The text of a key; `{name}` in it becomes `values.name`. A key without a text shows itself, in words.
export function t(key, values = {}) {
  const text = TABLES[language][key] ?? String(key).split(".").at(-1).replaceAll("_", " ");
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function known(key) {
  return key in TABLES[language];
}

// Sets the text of everything marked with data-t, and the placeholder and label of what is marked with those.
export function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
}

export function choose(code) {
  localStorage.setItem(STORED, code);
  location.reload();
}

function chosen() {
  const stored = localStorage.getItem(STORED);
  if (stored in TABLES) return stored;
  return navigator.language?.toLowerCase().startsWith("id") ? "id" : "en";
}
