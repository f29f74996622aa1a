// What an answer is rated by.

import { words } from "../dom.js";
import { known, t } from "../i18n.js";

export function criterionName(criterion) {
  return known(`rating.${criterion}`) ? t(`rating.${criterion}`) : words(criterion);
}

// The criteria of an answer's rubric: its own, the session's, or the usual one.
export function criteriaOf(answer, session, rubrics) {
  const name = answer.rubric || session.rubric;
  const rubric = rubrics.find((each) => (name ? each.name === name : each.is_default));
  return (rubric ?? rubrics.find((each) => each.is_default))?.criteria.map((each) => each.name) ?? [];
}
