// What a policy means for candidates and reviewers, in a sentence or some.

import { t } from "../i18n.js";

export function policyFacts(policy) {
  if (!policy) return "";
  const days = policy.keep_recordings_days;
  return [
    t(`policy.recordings.${policy.keep_recordings}`, { n: days }),
    policy.blind_review && t("policy.blind"),
    t(policy.requires_consent ? "policy.consent" : "policy.no_consent"),
    policy.non_verbal && t("policy.non_verbal"),
    policy.biometric_comparison && t("policy.biometric"),
  ]
    .filter(Boolean)
    .join(" ");
}
