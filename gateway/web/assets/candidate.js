// The page under a candidate's link: consent, then questions answered here or with files, then the hand-in.

import * as api from "./api.js";
import { Answers } from "./candidate/answers.js";
import { consented } from "./candidate/consent.js";
import { feedback } from "./candidate/feedback.js";
import { filesChosen } from "./candidate/files.js";
import { groupsAsked } from "./candidate/groups.js";
import { overlooked } from "./candidate/overview.js";
import { questionsOf } from "./candidate/questions.js";
import { recorded } from "./candidate/recording.js";
import { say } from "./candidate/step.js";
import "./header.js";
import { language, t } from "./i18n.js";

const token = location.hash.slice(1);
const root = document.getElementById("invitation");

document.title = `${t("candidate.title")} · Interview Assessment System`;
document.querySelector("header.top nav").hidden = true;
invited().catch((error) => {
  if (error.code === 410) say(t("candidate.gone"), "lead");
  else say(error.message, "problem");
});

async function invited() {
  const found = await api.invitation(token, language).catch(afterwards);
  if (found.used) {
    await feedback(token);
    await groupsAsked(token, root);
    return;
  }
  const receipt = found.receipt ?? (await consented(token, found));
  const answers = new Answers(token, questionsOf(found));
  await answers.load();
  addEventListener("beforeunload", (event) => answers.pending && event.preventDefault());
  await asked(found, receipt, answers);
}

// After its end a link still opens what became of answers that were submitted under it.
async function afterwards(error) {
  if (error.code !== 401) throw error;
  try {
    await api.feedback(token);
  } catch {
    throw error;
  }
  return { used: true };
}

async function asked(found, receipt, answers) {
  for (;;) {
    const { act, index } = await overlooked(found, receipt, answers);
    if (act === "handed in") break;
    if (act === "record") await recorded(token, found, answers, index);
    if (act === "files" && (await filesChosen(token, found, answers)) === "sent") {
      await answers.load();
      if (answers.complete) {
        await answers.handIn();
        break;
      }
    }
  }
  say(t("candidate.thanks"), "lead good");
  await groupsAsked(token, root);
}
