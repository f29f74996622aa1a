// Files go up in pieces (tus), so that a broken connection or a reload costs one piece and not the whole file.

import { refused } from "./api.js";

const PIECE_BYTES = 32 * 2 ** 20; // proxies in between may hold back, or refuse, larger bodies
const RETRY_MS = [500, 1000, 3000, 5000, 10000, 20000, 30000];
const finished = new WeakMap();

// Sends the files one after the other and gives the ids of their uploads; `onProgress` gets the share sent, 0 to 1.
// A file that has arrived before is not sent again, and one that was begun goes on, even after a reload.
// `metadata`: what else is said of each file, in their order.
export async function uploadAll(files, { endpoint, headers = {}, metadata = [], onProgress }) {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const ids = [];
  let before = 0;
  for (const [index, file] of files.entries()) {
    const options = {
      endpoint,
      headers,
      metadata: { filename: file.name, filetype: file.type, ...metadata[index] },
      onProgress: (sent) => onProgress((before + sent) / total),
    };
    if (!finished.has(file)) finished.set(file, await uploaded(file, options));
    ids.push(finished.get(file));
    before += file.size;
    onProgress(before / total);
  }
  return ids;
}

// Where the server no longer has what was uploaded, or another session took it, the files must be sent again.
export function forgetIfGone(files, error) {
  if ([404, 409].includes(error.code)) for (const file of files) finished.delete(file);
}

function uploaded(file, options) {
  return new Promise((resolve, reject) => {
    const upload = new window.tus.Upload(file, {
      ...options,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      onError: (error) => reject(failure(error.originalResponse)),
      onSuccess: () => resolve(upload.url.split("/").pop()),
    });
    upload.findPreviousUploads().then((found) => {
      if (found.length) upload.resumeFromPreviousUpload(found[0]);
      upload.start();
    }, reject);
  });
}

function failure(response) {
  let body = null;
  try {
    body = JSON.parse(response.getBody());
  } catch {
    /* no answer, or none of ours: the code has to do */
  }
  return refused(response?.getStatus() ?? 0, body);
}
