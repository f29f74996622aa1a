// Running an answer again of which something failed, as long as its recording is kept.

import * as api from "../api.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";

// Nothing where there is nothing to run again. `session` is the session as recorded, or null.
export function retryPanel(session, index) {
  if (!session?.answers?.[index]?.retryable) return null;
  const root = el("p", { class: "actions" });
  const button = el(
    "button",
    {
      type: "button",
      class: "small",
      onclick: async () => {
        button.disabled = true;
        try {
          await api.retry(session.session_id, index);
          localStorage.setItem("video_processing_session", session.session_id);
          location.assign("/Upload.html"); // it shows the progress and comes back
        } catch (error) {
          button.disabled = false;
          root.append(el("span", { class: "problem", role: "alert" }, error.message));
        }
      },
    },
    t("result.retry"),
  );
  root.append(button, el("span", { class: "quiet small" }, t("result.retry_note")));
  return root;
}
