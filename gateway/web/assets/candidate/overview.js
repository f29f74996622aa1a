// Where all questions stand, and what can be done: record, choose files, hand in, delete.

import { badge, el, fill, size } from "../dom.js";
import { t } from "../i18n.js";
import { receiptButton, save } from "./consent.js";
import { canRecord } from "./devices.js";
import { button, show } from "./step.js";
import { spoken } from "./time.js";

const KINDS = { there: "good", sending: "", missing: "", interrupted: "warn", failed: "bad" };

// Gives what the candidate wants next: { act: "record", index } (without an index: all that are missing), "files",
// "handed in" or "deleted".
export function overlooked(found, receipt, answers) {
  return new Promise((resolve) => {
    const list = el("ol", { class: "asked" });
    const actions = el("div", { class: "actions" });
    const problem = el("p", { class: "problem", role: "alert" });
    const end = (act, index) => {
      answers.onChange = () => {};
      resolve({ act, index });
    };
    const draw = () => {
      // A list that is drawn anew while a key waits on one of its buttons would lose it.
      const signs = answers.questions.map(({ index }) => answers.state(index)).join();
      if (list.dataset.signs === signs) return progress(list, answers);
      list.dataset.signs = signs;
      const hadFocus = list.contains(document.activeElement) || actions.contains(document.activeElement);
      fill(list, ...answers.questions.map((question) => row(question, found, answers, end, problem)));
      fill(actions, ...offers(found, answers, end, problem));
      progress(list, answers);
      if (hadFocus) (actions.querySelector("button") ?? list.querySelector("button"))?.focus();
    };
    answers.onChange = draw;
    show(
      t("candidate.overview"),
      el("p", { class: "lead" }, t("candidate.overview_lead", { hours: found.kept_hours })),
      !canRecord() && el("p", { class: "warn" }, t(isSecureContext ? "candidate.no_recorder" : "candidate.insecure")),
      list,
      problem,
      actions,
      el(
        "div",
        { class: "actions" },
        receiptButton(receipt),
        answers.any && button(t("candidate.delete"), () => deleted(answers, end, problem)),
      ),
    );
    draw();
  });
}

function row(question, found, answers, end, problem) {
  const { index, text } = question;
  const state = answers.state(index);
  const left = answers.retakesLeft(index);
  const again = state !== "missing" && canRecord(found.audio_only ? "audio" : "video");
  const mayAgain = again && (left !== 0 || ["interrupted", "failed"].includes(state));
  const n = index + 1;
  return el(
    "li",
    {},
    el(
      "div",
      { class: "between" },
      el("span", { class: "name" }, t("candidate.question", { n })),
      badge(t(`candidate.state.${state}`), KINDS[state]),
    ),
    state !== "missing" && el("p", { lang: found.language }, text),
    state === "interrupted" &&
      el("p", { class: "small" }, t("candidate.interrupted", { part: arrived(answers, index) })),
    answers.spent(index) && el("p", { class: "warn" }, t("candidate.spent")),
    state === "failed" && el("p", { class: "problem" }, answers.sending(index).problem.message),
    state === "sending" && el("p", { class: "small quiet", "data-sending": String(index) }),
    el(
      "div",
      { class: "actions" },
      state === "interrupted" && button(t("candidate.keep_n", { n }), () => kept(answers, index, problem), "primary"),
      mayAgain && button(t("candidate.again_n", { n }), () => end("record", index)),
      state === "failed" &&
        answers.recording(index) &&
        button(t("candidate.save_n", { n }), () => saved(answers, index)),
    ),
  );
}

function offers(found, answers, end, problem) {
  if (answers.complete) return [button(t("candidate.hand_in"), () => handedIn(answers, end, problem), "primary")];
  const missing = answers.open.length > 0;
  const recordable = missing && (canRecord() || (found.audio_only && canRecord("audio")));
  return [
    recordable && button(t("candidate.record"), () => end("record"), "primary"),
    answers.lacking.length > 0 &&
      button(t("candidate.choose_files"), () => end("files"), missing && !recordable ? "primary" : ""),
  ];
}

function arrived(answers, index) {
  const seconds = answers.seconds(index);
  return seconds ? t("candidate.about", { time: spoken(seconds) }) : size(answers.bytes(index));
}

// How much of each recording that is still on its way has arrived.
function progress(list, answers) {
  for (const node of list.querySelectorAll("[data-sending]")) {
    const sending = answers.sending(Number(node.dataset.sending));
    const values = { sent: size(sending.sent), total: size(sending.total) };
    fill(node, t(sending.broken ? "candidate.waits_for_network" : "candidate.on_its_way", values));
  }
}

async function kept(answers, index, problem) {
  try {
    await answers.keep(index);
  } catch (error) {
    problem.textContent = error.message;
  }
}

async function handedIn(answers, end, problem) {
  try {
    await answers.handIn();
    end("handed in");
  } catch (error) {
    problem.textContent = error.message;
    await answers.load().catch(() => {}); // something of it may have expired
  }
}

async function deleted(answers, end, problem) {
  const last = answers.last.map(({ index }) => index + 1).join(", ");
  const counted = last ? `\n\n${t("candidate.delete_counts", { numbers: last })}` : "";
  if (!confirm(t("candidate.delete_sure") + counted)) return;
  try {
    await answers.withdraw();
    end("deleted");
  } catch (error) {
    problem.textContent = error.message;
  }
}

function saved(answers, index) {
  const recording = answers.recording(index);
  save(recording, `question-${index + 1}.${recording.type.includes("mp4") ? "mp4" : "webm"}`);
}
