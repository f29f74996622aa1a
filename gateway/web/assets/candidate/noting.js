// Tells the server what the page notes: always the newest, again where the network was away.

const FINAL = new Set([400, 401, 403, 404, 409, 410, 413]); // no trying again helps

export class Noting {
  #send;
  #wait;
  #newest = null;
  #told = null;
  #running = null;

  // `send` gives a promise that the server has it; `wait` one of the next moment to try.
  constructor(send, wait) {
    this.#send = send;
    this.#wait = wait;
  }

  set(notes) {
    this.#newest = notes;
    this.#running ??= this.#run();
  }

  // When all of it has been told.
  get done() {
    return this.#running ?? Promise.resolve();
  }

  async #run() {
    for (let failures = 0; this.#told !== this.#newest;) {
      const notes = this.#newest;
      try {
        await this.#send(notes);
        failures = 0;
        this.#told = notes;
      } catch (error) {
        if (FINAL.has(error.code)) this.#told = notes;
        else await this.#wait(failures++);
      }
    }
    this.#running = null;
  }
}
