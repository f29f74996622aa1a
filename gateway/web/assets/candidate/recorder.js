// A recording in chunks of two seconds, so that no more than those are lost with the page.

const CHUNK_MS = 2000;

export class Recorder {
  #recorder;
  #chunks = [];

  constructor(stream, mimeType, { videoBits, audioBits }, onChunk) {
    this.#recorder = new MediaRecorder(stream, {
      mimeType,
      videoBitsPerSecond: videoBits,
      audioBitsPerSecond: audioBits,
      // MP4 is given out only up to a key frame, and those are rare unless they are asked for.
      ...(mimeType.includes("mp4") && { videoKeyFrameIntervalDuration: CHUNK_MS }),
    });
    this.#recorder.addEventListener("dataavailable", ({ data }) => {
      if (!data.size) return;
      this.#chunks.push(data);
      onChunk(data);
    });
    // It also stops by itself, as when the camera is pulled out.
    this.stopped = new Promise((resolve) => {
      this.#recorder.addEventListener("stop", () => resolve(new Blob(this.#chunks, { type: mimeType })));
    });
  }

  start() {
    this.#recorder.start(CHUNK_MS);
  }

  stop() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    return this.stopped;
  }
}
