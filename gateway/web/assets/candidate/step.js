// One step of the page after the other: each takes the place of the one before and is read out from its heading on.

import { el, fill } from "../dom.js";

const root = document.getElementById("invitation");

export function show(title, ...children) {
  const heading = el("h2", { tabindex: "-1" }, title);
  fill(root, el("section", { class: "card step" }, heading, ...children));
  heading.focus();
  scrollTo(0, 0);
}

export function say(text, kind = "lead") {
  fill(root, el("p", { class: kind, role: kind === "problem" ? "alert" : "status" }, text));
}

export function button(text, onclick, kind = "") {
  return el("button", { type: "button", class: kind, onclick }, text);
}

// Text whose lines beginning with `# ` are headings, as elements.
export function told({ text, language }) {
  const lines = text.split("\n").filter((line) => line.trim());
  return el(
    "div",
    { lang: language, class: "told" },
    lines.map((line) => (line.startsWith("# ") ? el("h3", {}, line.slice(2)) : el("p", {}, line))),
  );
}
