// All talk with the server.

import { t } from "./i18n.js";

const POLL_MS = 5000;
const ENDED = new Set(["completed", "error", "not_found"]);

// Starts a session of finished uploads. The same body sent again, after an answer was lost, starts nothing twice.
export async function createSession(body) {
  const text = JSON.stringify(body);
  if (text !== asked.text) asked = { text, key: randomKey() };
  return resource("/v1/sessions", posted(body, { "Idempotency-Key": asked.key }));
}

let asked = { text: "", key: "" };

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function uploadJson(body) {
  const response = await fetch("/upload_json", posted(body));
  return accepted(response.status, await bodyOf(response));
}

export async function status(id) {
  const response = await fetch(`/status/${encodeURIComponent(id)}`);
  signedIn(response.status);
  if (response.status === 410) return { status: "not_found", message: t("gone.deleted"), deleted: true };
  const body = await bodyOf(response);
  if (!body?.status) throw new Error(body?.error ?? t("error.status", { code: response.status }));
  return body;
}

// Whether a session is `there`, was `deleted` (with its receipt, or null), or is `unknown`.
export async function whereabouts(id) {
  const response = await fetch(`/v1/sessions/${encodeURIComponent(id)}`).catch(() => {
    throw refused(0);
  });
  if (response.ok) return { state: "there" };
  if (response.status === 410) return { state: "deleted", receipt: await resource(receiptUrl(id)).catch(() => null) };
  if (response.status === 404) return { state: "unknown" };
  throw refused(response.status, await bodyOf(response));
}

export function receiptUrl(id) {
  return `/v1/sessions/${encodeURIComponent(id)}/receipt`;
}

// The result, or null while there is none.
export async function results(id) {
  const response = await fetch(`/results/${encodeURIComponent(id)}`);
  if ([404, 410].includes(response.status)) return null;
  return accepted(response.status, await bodyOf(response));
}

// The session as recorded, or null where it cannot be had: the result is worth showing without it.
export async function session(id) {
  const response = await fetch(`/v1/sessions/${encodeURIComponent(id)}`);
  return response.ok ? bodyOf(response) : null;
}

// Sessions that fit the filters, newest first; `from` is the token of the page.
export async function sessions(filters, from = "") {
  const query = new URLSearchParams(filters);
  query.set("page_size", "50");
  if (from) query.set("page_token", from);
  return resource(`/v1/sessions?${query}`);
}

export function remove(id) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
}

export function artefactUrl(id, name) {
  return `/v1/sessions/${encodeURIComponent(id)}/artefacts/${name}`;
}

export function recordingUrl(id, index) {
  return `/v1/sessions/${encodeURIComponent(id)}/answers/${index}/recording`;
}

// An answer's words as a file, in a language, or as they were spoken.
export function transcriptUrl(id, index, format, wanted = "") {
  const query = wanted ? `?${new URLSearchParams({ language: wanted })}` : "";
  return `/v1/sessions/${encodeURIComponent(id)}/answers/${index}/transcript.${format}${query}`;
}

export function artefact(id, name) {
  return resource(artefactUrl(id, name));
}

// Records that a person looks at an answer.
export function openEvidence(id, index, reviewer) {
  return resource(
    `/v1/sessions/${encodeURIComponent(id)}/answers/${index}/evidence?${new URLSearchParams({ reviewer })}`,
  );
}

export function review(id, body) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/reviews`, posted(body));
}

export function contest(id, body) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/contests`, posted(body));
}

// Puts a candidate on the shortlist or takes them off it.
// The letter to the candidate; null where nobody has drafted one.
export function letter(id) {
  return resource(letterPath(id));
}

export function draftLetter(id, body) {
  return resource(letterPath(id, ":draft"), posted(body));
}

export function editLetter(id, body) {
  return resource(letterPath(id), { ...posted(body), method: "PUT" });
}

export function sendLetter(id, body) {
  return resource(letterPath(id, ":send"), posted(body));
}

function letterPath(id, act = "") {
  return `/v1/sessions/${encodeURIComponent(id)}/letter${act}`;
}

export function setShortlisted(id, shortlisted, actor) {
  const body = { shortlisted, actor };
  return resource(`/v1/sessions/${encodeURIComponent(id)}/shortlist`, { ...posted(body), method: "PUT" });
}

// Scorecards of people, once whoever asks has recorded theirs, and how far they agree.
export function scorecards(id) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/scorecards`);
}

export function rate(id, body) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/scorecards`, posted(body));
}

// What was said in an answer, as text; nothing where there is no transcript.
export async function transcript(id, index) {
  const response = await fetch(`/v1/sessions/${encodeURIComponent(id)}/answers/${index}/transcript.txt`);
  signedIn(response.status);
  return response.ok ? response.text() : "";
}

// Answers that are nearly another candidate's; none where somebody may not see them.
export async function similarAnswers(id) {
  const path = `/v1/sessions/${encodeURIComponent(id)}/similar-answers`;
  return (await resource(path).catch(() => null))?.similar_answers ?? [];
}

export function comments(id) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/comments`);
}

export function comment(id, text, author) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/comments`, posted({ text, author }));
}

export function deleteComment(id, which, actor) {
  const path = `/v1/sessions/${encodeURIComponent(id)}/comments/${encodeURIComponent(which)}`;
  return resource(`${path}?${new URLSearchParams({ actor })}`, { method: "DELETE" });
}

export function audit(id) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/audit`);
}

// What an upload can choose; empty lists where the server cannot say, since its own choice is as good.
export async function choices() {
  const listed = async (path, name) => (await resource(path).catch(() => null))?.[name] ?? [];
  const [policies, rubrics] = await Promise.all([listed("/v1/policies", "policies"), listed("/v1/rubrics", "rubrics")]);
  return { policies, rubrics };
}

export async function cancel(id) {
  await fetch(`/v1/sessions/${encodeURIComponent(id)}:cancel`, { method: "POST" });
}

// Has an answer run again whose stages failed.
export function retry(id, index) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/answers/${index}/retry`, { method: "POST" });
}

// Has an answer translated, once however often it is asked for.
export function translate(id, index) {
  return resource(`/v1/sessions/${encodeURIComponent(id)}/answers/${index}/translation`, { method: "POST" });
}

export function hasEnded(body) {
  return ENDED.has(body.status);
}

// Calls `onStatus` on every change until `isLast` of it: by events, or by asking every 5 s where they fail.
export function follow(id, onStatus, isLast = hasEnded) {
  const source = new EventSource(`/v1/sessions/${encodeURIComponent(id)}/events`);
  let failures = 0;
  source.addEventListener("session", (event) => {
    failures = 0;
    const body = JSON.parse(event.data);
    if (isLast(body)) source.close();
    onStatus(body);
  });
  source.addEventListener("error", () => {
    failures += 1;
    if (failures < 3 && source.readyState !== EventSource.CLOSED) return; // it reconnects by itself
    source.close();
    poll(id, onStatus, isLast);
  });
}

async function poll(id, onStatus, isLast) {
  try {
    const body = await status(id);
    onStatus(body);
    if (isLast(body)) return;
  } catch (error) {
    onStatus({ status: "unreachable", message: error.message });
  }
  setTimeout(poll, POLL_MS, id, onStatus, isLast);
}

async function bodyOf(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

// What a candidate's link asks for, with its texts in a language.
export function invitation(token, language) {
  return resource(`/v1/upload-link?${new URLSearchParams({ language })}`, linked(token));
}

export function agree(token, body) {
  return resource("/v1/upload-link/consent", posted(body, linked(token).headers));
}

export function linkUploads(token) {
  return resource("/v1/upload-link/uploads", linked(token));
}

export function handIn(token, uploadIds) {
  return resource("/v1/upload-link", posted({ upload_ids: uploadIds }, linked(token).headers));
}

// What a candidate finds under their link once their answers were submitted.
export function feedback(token) {
  return resource("/v1/upload-link/feedback", linked(token));
}

export function objectUnder(token, objection) {
  return resource("/v1/upload-link/objection", posted({ objection }, linked(token).headers));
}

export function makeLink(body) {
  return resource("/v1/upload-links", posted(body));
}

// Candidates' links, newest first; `from` is the token of the page.
export function links(from = "") {
  return resource(`/v1/upload-links?${new URLSearchParams({ page_size: "20", page_token: from })}`);
}

export function revokeLink(id) {
  return resource(`/v1/upload-links/${encodeURIComponent(id)}:revoke`, { method: "POST" });
}

// Jobs, newest first: those put away, or the others; `from` is the token of the page.
export function jobs(archived, from = "") {
  return resource(`/v1/jobs?${new URLSearchParams({ archived, page_token: from })}`);
}

export function jobTemplates() {
  return resource("/v1/job-templates");
}

export function job(id) {
  return resource(jobPath(id));
}

export function makeJob(body) {
  return resource("/v1/jobs", posted(body));
}

export function changeJob(id, body) {
  return resource(jobPath(id), { ...posted(body), method: "PUT" });
}

export function copyJob(id, title) {
  return resource(jobPath(id, ":copy"), posted({ title }));
}

export function archiveJob(id, archived) {
  return resource(jobPath(id, archived ? ":archive" : ":restore"), { method: "POST" });
}

// A job's invitations in a state, or in any, newest first; `from` is the token of the page.
export function invitations(id, state, from = "") {
  return resource(jobPath(id, `/invitations?${new URLSearchParams({ state, page_token: from })}`));
}

// A job's candidates that fit, in an order; `from` is the token of the page. What is empty narrows nothing.
export function candidates(id, wanted, from = "") {
  const given = Object.entries({ ...wanted, page_token: from }).filter(([, value]) => value !== "");
  return resource(jobPath(id, `/candidates?${new URLSearchParams(given)}`));
}

export function checkCandidates(id, csv) {
  return resource(jobPath(id, "/invitations:check"), posted({ csv }));
}

export function invite(id, people) {
  return resource(jobPath(id, "/invitations"), posted({ candidates: people }));
}

export function mailInvitations(id, invitationIds, reminder) {
  return resource(jobPath(id, "/invitations:send"), posted({ invitation_ids: invitationIds, reminder }));
}

export function invitationLink(id, who) {
  return resource(jobPath(id, `/invitations/${who}:link`), { method: "POST" });
}

export function prolongInvitation(id, who, until) {
  return resource(jobPath(id, `/invitations/${who}:prolong`), posted({ expire_time: until }));
}

export function revokeInvitation(id, who) {
  return resource(jobPath(id, `/invitations/${who}:revoke`), { method: "POST" });
}

function jobPath(id, rest = "") {
  return `/v1/jobs/${encodeURIComponent(id)}${rest}`;
}

// Webhooks about a job, or all; in a state, or in any; newest first; `from` is the token of the page.
export function deliveries(about, state, from = "") {
  return resource(`/v1/deliveries?${new URLSearchParams({ job_id: about, state, page_token: from })}`);
}

export function resendDelivery(id) {
  return resource(`/v1/deliveries/${encodeURIComponent(id)}:resend`, { method: "POST" });
}

export function me() {
  return fetch("/v1/me").then((response) => (response.ok ? response.json() : null));
}

// Whether whoever asked `me` has a scope; without sign-in everyone may everything.
export function may(found, scope) {
  return !found.sign_in || found.scopes.includes(scope) || found.scopes.includes("admin");
}

export function signIn(key) {
  return resource("/v1/sign-in", posted({ key }));
}

export function chooseOrganisation(id) {
  return resource("/v1/me/organisation", posted({ organisation_id: id }));
}

export function signOut() {
  return resource("/v1/sign-out", { method: "POST" });
}

export function signInWays() {
  return resource("/v1/sign-in/ways");
}

export function organisation() {
  return resource("/v1/organisation");
}

export function settings() {
  return resource("/v1/organisation/settings");
}

export function changeSettings(body) {
  return resource("/v1/organisation/settings", { ...posted(body), method: "PUT" });
}

export function setSecret(kind, secret) {
  return resource(`/v1/organisation/secrets/${kind}`, { ...posted({ secret }), method: "PUT" });
}

export function removeSecret(kind) {
  return resource(`/v1/organisation/secrets/${kind}`, { method: "DELETE" });
}

export function makeEncryptionKey(name) {
  return resource("/v1/organisation/encryption-key", posted({ name }));
}

export function deleteEncryptionKey(confirmed) {
  return resource("/v1/organisation/encryption-key:delete", posted({ confirm: confirmed }));
}

export function members() {
  return resource("/v1/members");
}

export function addMember(email, role) {
  return resource("/v1/members", posted({ email, role }));
}

export function changeMember(id, role) {
  return resource(`/v1/members/${encodeURIComponent(id)}`, { ...posted({ role }), method: "PUT" });
}

export function removeMember(id) {
  return resource(`/v1/members/${encodeURIComponent(id)}`, { method: "DELETE" });
}

export function keys() {
  return resource("/v1/keys");
}

export function makeKey(body) {
  return resource("/v1/keys", posted(body));
}

export function revokeKey(id) {
  return resource(`/v1/keys/${encodeURIComponent(id)}:revoke`, { method: "POST" });
}

// Where sign-in is needed, to its page and back here.
function signedIn(code) {
  if (code !== 401 || ["/sign-in.html", "/candidate.html"].includes(location.pathname)) return;
  location.assign(`/sign-in.html?${new URLSearchParams({ next: location.pathname + location.search })}`);
}

async function resource(path, options = {}) {
  const response = await fetch(path, options).catch(() => {
    throw refused(0);
  });
  const body = await bodyOf(response);
  if (response.ok) return body;
  throw refused(response.status, body);
}

// What to say of an answer that is none; 0: nothing came back.
export function refused(code, body = null) {
  signedIn(code);
  const message = code ? (body?.error?.message ?? t("error.status", { code })) : t("error.network");
  return Object.assign(new Error(message), { code });
}

function linked(token) {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function posted(body, headers = {}) {
  return { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}

async function accepted(code, body) {
  signedIn(code);
  if (code === 200 && body) return body;
  throw new Error(body?.error ?? t("error.status", { code }));
}

// How groups fare in a job, what it asks of them, and what a candidate says.
export function impact(id) {
  return resource(jobPath(id, "/impact"));
}

export function impactFile(id, ending, language) {
  return `${jobPath(id, `/impact.${ending}`)}?${new URLSearchParams({ language })}`;
}

export function team(id) {
  return resource(`/v1/jobs/${encodeURIComponent(id)}/team`);
}

export function setTeam(id, principals) {
  return resource(`/v1/jobs/${encodeURIComponent(id)}/team`, { ...posted({ principals }), method: "PUT" });
}

export function groupQuestions(id) {
  return resource(jobPath(id, "/group-questions"));
}

export function askGroups(id, characteristics) {
  return resource(jobPath(id, "/group-questions"), { ...posted({ characteristics }), method: "PUT" });
}

export function groupsAsked(token) {
  return resource("/v1/upload-link/groups", linked(token));
}

export function giveGroups(token, groups) {
  return resource("/v1/upload-link/groups", { ...posted({ groups }, linked(token).headers), method: "PUT" });
}
