// A recording in chunks of two seconds, so that no more than those are lost with the page.

const CHUNK_MS = 2000;

export class Recorder {
  #recorder;
  #chunks = [];
  #seconds = 0; // until the last pause
  #since = null; // when it began or went on

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
      this.#recorder.addEventListener("stop", () => {
        this.#halt();
        resolve(new Blob(this.#chunks, { type: mimeType }));
      });
    });
  }

  // What is recorded so far, without pauses.
  get seconds() {
    return this.#seconds + (this.#since === null ? 0 : (performance.now() - this.#since) / 1000);
  }

  start() {
    this.#recorder.start(CHUNK_MS);
    this.#since = performance.now();
  }

  // One file all the same: nothing of the pause is in it. What was recorded before goes out at once.
  pause() {
    if (this.#recorder.state !== "recording") return;
    this.#recorder.pause();
    this.#halt();
    this.#recorder.requestData();
  }

  resume() {
    if (this.#recorder.state !== "paused") return;
    this.#recorder.resume();
    this.#since = performance.now();
  }

  stop() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    return this.stopped;
  }

  #halt() {
    this.#seconds = this.seconds;
    this.#since = null;
  }
}
