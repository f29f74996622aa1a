// What the candidate is told, agrees to and promises; and the receipt of it.

import * as api from "../api.js";
import { el, moment } from "../dom.js";
import { t } from "../i18n.js";
import { button, show, told } from "./step.js";

// Shows the texts and gives the receipt of the consent once it is given.
export function consented(token, found) {
  return new Promise((resolve) => {
    const problem = el("p", { class: "problem", role: "alert" });
    const agree = box(found.consent.text, found.consent.language);
    const pledge = box(found.pledge, found.information.language);
    const submit = async (event) => {
      event.preventDefault();
      try {
        resolve(await api.agree(token, agreed(found)));
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    show(
      t("candidate.before"),
      el("p", { class: "lead" }, greeting(found)),
      told(found.information),
      el(
        "form",
        { onsubmit: submit },
        el("h3", {}, t("candidate.your_consent")),
        agree,
        el("h3", {}, t("candidate.your_pledge")),
        pledge,
        el("p", { class: "quiet small" }, t("candidate.receipt_follows")),
        problem,
        el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("candidate.agree"))),
      ),
    );
  });
}

// A button that saves the receipt as a text that everybody can read.
export function receiptButton(receipt) {
  return button(t("candidate.receipt"), () =>
    save(new Blob([written(receipt)], { type: "text/plain" }), "consent.txt"),
  );
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function greeting({ candidate_name: name, title, questions, expire_time }) {
  const values = { name, title, n: questions.length, when: moment(expire_time) };
  return title ? t("candidate.hello_title", values) : t("candidate.hello", values);
}

function box(text, language) {
  return el(
    "label",
    { class: "agree" },
    el("input", { type: "checkbox", required: true }),
    el("span", { lang: language }, text),
  );
}

function agreed({ consent, information }) {
  return { language: consent.language, consent_sha256: consent.sha256, information_sha256: information.sha256 };
}

function written(receipt) {
  const { information, consent } = receipt;
  return [
    t("candidate.receipt_title"),
    "",
    `${t("candidate.receipt_name")}: ${receipt.candidate_name}`,
    `${t("candidate.receipt_time")}: ${receipt.create_time}`,
    `${t("candidate.receipt_reference")}: ${receipt.session_id}`,
    `${t("candidate.receipt_text")}: ${consent.language} ${consent.version}`,
    `SHA-256: ${consent.sha256}`,
    `SHA-256 (${t("candidate.receipt_told")}): ${information.sha256}`,
    "",
    information.text,
    "",
    `[x] ${consent.text}`,
    `[x] ${receipt.pledge}`,
    "",
  ].join("\n");
}
