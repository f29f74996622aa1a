// The questions of a link. Where nobody set times, there is time to think without end and five minutes to answer.

const LIMIT_S = 300;

export function questionsOf(found) {
  return found.questions.map((question, index) => {
    const { text, thinking_s, limit_s, retakes, pauses } = typeof question === "string" ? { text: question } : question;
    const limitS = limit_s || LIMIT_S;
    return { index, text, thinkingS: thinking_s ?? null, limitS, retakes: retakes ?? null, pauses: pauses ?? 0 };
  });
}
