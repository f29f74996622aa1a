// The questions of several results, each with the answers that there are to it.

// In the order in which they were asked first. The same words are the same question, wherever it stood.
export function questionsOf(candidates) {
  const found = new Map();
  for (const { id, result } of candidates) {
    for (const [index, item] of (result.content ?? []).entries()) {
      const text = (item.question ?? "").trim();
      if (!found.has(text)) found.set(text, new Map());
      const answers = found.get(text);
      if (!answers.has(id)) answers.set(id, { index, result: item.result ?? {} });
    }
  }
  return [...found].map(([text, answers]) => ({ text, answers }));
}
