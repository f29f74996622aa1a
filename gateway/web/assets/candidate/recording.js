// From the device check through the practice to the last question that has no answer yet.

import { language, t } from "../i18n.js";
import { checked } from "./check.js";
import { closed } from "./devices.js";
import { Take } from "./take.js";

const PRACTICE_S = 30;

// Records one question, or all that are missing. What was recorded goes up while the next question is answered.
export async function recorded(token, found, answers, index = null) {
  const devices = await checked(token, Boolean(found.audio_only));
  if (devices === null) return;
  const awake = await navigator.wakeLock?.request("screen").catch(() => null); // telephones fall asleep while one speaks
  try {
    if (devices.next === "practice") await practised(devices, answers);
    const asked = index === null ? answers.open : [answers.questions[index]];
    for (const question of asked) if (!(await answered(question, found, answers, devices))) return;
  } finally {
    closed(devices.stream);
    awake?.release();
  }
}

async function practised(devices, { questions }) {
  const pauses = Math.max(...questions.map((each) => each.pauses));
  const question = { text: t("take.practice_question"), thinkingS: null, limitS: PRACTICE_S, pauses, practice: true };
  const options = { title: t("take.practice"), question, language, devices, begin: () => null };
  while ((await new Take(options).run(() => null)).end === "again");
}

// Whether the candidate goes on to the next question.
async function answered(question, found, answers, devices) {
  const { index } = question;
  const title = t("take.title", { n: index + 1, of: answers.questions.length });
  const begin = (mimeType) => answers.begin(index, mimeType);
  for (;;) {
    const take = new Take({ title, question, language: found.language, devices, begin, signals: found.signals });
    const { end, recording } = await take.run(() => answers.retakesLeft(index));
    if (end === "left") return false;
    if (end === "again") continue;
    answers.keep(index, recording).catch(() => {}); // what was not deleted of earlier takes expires by itself
    return true;
  }
}
