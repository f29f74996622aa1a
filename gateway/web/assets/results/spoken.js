// The words of an answer with their times. Where there is a recording, each plays from its time and is marked when heard.

import { clock, el, number } from "../dom.js";
import { t } from "../i18n.js";
import { playFrom } from "./moments.js";

const UNSURE = 0.5; // words under this probability are marked

export function spokenWords(heard, cursor) {
  const spoken = el(
    "div",
    {
      class: cursor.playable ? "spoken text playable" : "spoken text",
      lang: heard.language,
      title: cursor.playable && t("player.words"),
      onclick: (event) => playWord(event, cursor),
    },
    (heard.segments ?? []).map((segment) => line(segment, cursor)),
  );
  if (cursor.playable) follow(spoken, cursor);
  return spoken;
}

function line(segment, cursor) {
  const start = el(
    "button",
    {
      type: "button",
      class: "time",
      "aria-label": cursor.playable && t("player.from", { time: clock(segment.start_s) }),
      onclick: () => playFrom(cursor, segment.start_s),
    },
    clock(segment.start_s),
  );
  return el(
    "p",
    { lang: segment.language },
    start,
    " ",
    (segment.words ?? []).map((word) => [
      el(
        "span",
        {
          class: word.probability < UNSURE ? "word unsure" : "word",
          "data-at": word.start_s,
          title: t("transcript.sure_word", { percent: number(word.probability * 100, 0), time: clock(word.start_s) }),
        },
        (word.text ?? "").trim(),
      ),
      " ",
    ]),
  );
}

function playWord(event, cursor) {
  const word = event.target.closest(".word");
  if (word && cursor.playable && getSelection().isCollapsed) playFrom(cursor, Number(word.dataset.at));
}

// Marks the word that is just heard, and keeps it in view without moving the page.
function follow(spoken, cursor) {
  const words = [...spoken.querySelectorAll(".word")];
  let now = null;
  cursor.addEventListener("at", ({ detail }) => {
    const word = words.findLast((node) => Number(node.dataset.at) <= detail + 0.05);
    if (!word || word === now) return;
    now?.classList.remove("now");
    now = word;
    now.classList.add("now");
    const below = now.offsetTop + now.offsetHeight - spoken.offsetTop - spoken.clientHeight - spoken.scrollTop;
    if (below > 0 || now.offsetTop - spoken.offsetTop < spoken.scrollTop)
      spoken.scrollTop = now.offsetTop - spoken.offsetTop - spoken.clientHeight / 3;
  });
}
