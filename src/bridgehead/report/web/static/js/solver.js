/* Asks for solves as levers move: one at a time, the newest wins, the slower parts of the certificate follow. */

import * as api from "./api.js";

const PATIENCE = 400;
const KEPT = 60;

export class Solver {
  /** tell(event): { phase: "checking" | "solved" | "refused" | "faults" | "away", answer?, reason? … } for the scenario asked last. */
  constructor(region, tell) {
    this.region = region;
    this.tell = tell;
    this.view = Math.random().toString(36).slice(2, 10);
    this.number = 0;
    this.flying = null;
    this.next = null;
    this.follow = null;
    this.known = new Map();
    this.phase = "checking";
    this.answer = null;
    this.matrix = null;
    this.certificate = null;
  }

  /** Ask for a scenario: { scenario }, { preset }, { saved }, or {} for the baseline. */
  ask(body) {
    const text = JSON.stringify(body);
    if (text === this.asked && this.phase !== "away") return;
    this.asked = text;
    this.number += 1;
    this._stopFollowing();
    const kept = this.known.get(text);
    this.next = kept ? null : { body, text, number: this.number };
    if (kept) {
      this.flying?.stop.abort();
      this.flying = null;
      this._arrived(kept);
      return;
    }
    this._say("checking");
    if (this.flying && performance.now() - this.flying.since > PATIENCE) this.flying.stop.abort();
    if (!this.flying) this._send();
  }

  /** Ask the same again, after the server was away or a fault was mended. */
  again(body) {
    this.asked = null;
    this.known.delete(JSON.stringify(body));
    this.ask(body);
  }

  async _send() {
    const job = this.next;
    if (!job) return;
    this.next = null;
    const stop = new AbortController(),
      flight = { stop, since: performance.now() };
    this.flying = flight;
    let failed = null,
      answer = null;
    try {
      answer = await api.solve(this.region, { ...job.body, view: this.view, number: job.number }, { signal: stop.signal });
    } catch (error) {
      failed = error;
    }
    if (this.flying === flight) this.flying = null;
    if (answer) this._keep(job.text, answer);
    const newest = job.number === this.number;
    if (this.next) {
      // While the hand moves, every answer is shown as it comes, still marked as being checked: the next one is on its way.
      if (answer?.outcome === "solved") this._say("checking", { answer, passing: true });
      this._send();
    } else if (newest && answer) this._arrived(answer);
    else if (newest && failed) this._failed(failed, job);
  }

  _failed(error, job) {
    if (error.name === "AbortError" || error.code === "superseded") return;
    this._clear();
    if (error instanceof api.Refused && error.status === 422) this._say("faults", { faults: error.faults, reason: error.message });
    else if (error instanceof api.Refused && (error.status === 503 || error.status === 429)) {
      this._say("waiting", { state: error.body.state || "busy" });
      setTimeout(
        () => {
          if (job.number === this.number && !this.flying) {
            this.next = job;
            this._send();
          }
        },
        1000 * Math.min(error.retryAfter || 1, 5),
      );
    } else this._say("away", { reason: error.message });
  }

  _arrived(answer) {
    this._clear();
    this.answer = answer;
    this.certificate = answer.certificate;
    if (answer.outcome !== "solved") {
      this._say("refused", { answer, reason: answer.reason });
      return;
    }
    this._say("solved", { answer });
    this.follow = setTimeout(() => this._followUp(answer), 60);
  }

  /** The slower parts: the whole certificate, and the matrix of needs. */
  async _followUp(answer) {
    const stop = new AbortController();
    this.following = stop;
    const mine = () => this.answer === answer && !stop.signal.aborted;
    const later = (work, take) =>
      work
        .then((found) => {
          if (mine()) take(found);
        })
        .catch((error) => {
          if (error.name !== "AbortError" && mine()) this._say("late", { reason: error.message });
        });
    await Promise.all([
      later(answer.matrix ? Promise.resolve(answer.matrix) : api.matrix(answer.key, { signal: stop.signal }), (found) => {
        answer.matrix = found;
        this.matrix = found;
        this._say("matrix", { answer });
      }),
      later(
        answer.certificate.complete ? Promise.resolve(answer.certificate) : api.certificate(answer.key, { signal: stop.signal }),
        (found) => this._certified(answer, found),
      ),
    ]);
  }

  _certified(answer, found) {
    const whole = found.certificate || found;
    answer.certificate = this.certificate = whole;
    if (whole.outcome && whole.outcome !== "solved") {
      // What was shown at once does not hold: it is taken back.
      answer.outcome = "not_solved";
      this._clear();
      this._say("refused", { answer, reason: whole.reason });
    } else this._say("certified", { answer });
  }

  _clear() {
    this.answer = null;
    this.matrix = null;
    this.certificate = null;
  }
  _stopFollowing() {
    clearTimeout(this.follow);
    this.following?.abort();
    this.following = null;
  }
  _keep(text, answer) {
    this.known.set(text, answer);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
  }
  _say(phase, more = {}) {
    if (["checking", "solved", "refused", "faults", "waiting", "away"].includes(phase)) this.phase = phase;
    this.tell({ phase, ...more });
  }
}

/** Solve something beside the levers, such as a column of a comparison; the server keeps what it has solved. */
export async function solveOnce(region, body, { signal, matrix = false } = {}) {
  const answer = await api.solve(region, body, { signal });
  if (matrix && answer.outcome === "solved") answer.matrix = await api.matrix(answer.key, { signal });
  return answer;
}
