/* Work that takes longer than a moment: started, watched with its time left, cancelled, resumed; it goes on without the page. */

import * as api from "../api.js";
import { fresh, h, icon } from "../dom.js";
import { spent } from "../numbers.js";
import { lang, t } from "../text.js";
import { faultList } from "./dialog.js";

const EVERY = 500;
const GOING = ["waiting", "running"];

/** A job on the page: its progress and buttons; `done(result, job)` is called once it has ended well. */
export class JobWatch {
  constructor({ done, changed = () => {}, kind = "" }) {
    this.done = done;
    this.kind = kind;
    this.changed = changed;
    this.job = null;
    this.timer = 0;
    this.fault = null;
    this.element = h("div", { class: "job", role: "group", "aria-label": t("job.title") });
    this.draw();
  }
  remove() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.gone = true;
  }

  /** Start a job; a refusal is shown with all its faults. */
  async start(body) {
    this.fault = null;
    try {
      this._take(await api.startJob(body));
    } catch (error) {
      this.job = null;
      this.fault = error;
      this.draw();
      this.changed(null);
    }
  }
  /** Watch a job that exists already; one of another kind belongs to another screen. */
  async open(id) {
    this.fault = null;
    try {
      const job = await api.job(id);
      if (!this.gone && (!this.kind || job.kind === this.kind)) this._take(job);
    } catch (error) {
      this.fault = error;
      this.draw();
    }
  }

  _take(job) {
    this.job = job;
    this.draw();
    this.changed(job);
    clearTimeout(this.timer);
    if (this.gone) return;
    if (GOING.includes(job.state)) this.timer = setTimeout(() => this._poll(), EVERY);
    else if (job.state === "done") this._result(job);
  }
  async _poll() {
    try {
      this._take(await api.job(this.job.id));
    } catch (error) {
      if (this.gone) return;
      // A server that is away may come back with the job as it left it.
      this.fault = error instanceof api.Away ? null : error;
      this.draw(error instanceof api.Away ? t("top.away") : "");
      this.timer = setTimeout(() => this._poll(), 2000);
    }
  }
  async _result(job) {
    try {
      const result = await api.jobResult(job.id);
      if (!this.gone) this.done(result, job);
    } catch (error) {
      this.fault = error;
      this.draw();
    }
  }

  async _act(work) {
    try {
      const job = await work();
      if (job) this._take(job);
      else {
        this.job = null;
        this.draw();
        this.changed(null);
      }
    } catch (error) {
      this.fault = error;
      this.draw();
    }
  }

  get going() {
    return Boolean(this.job && GOING.includes(this.job.state));
  }

  draw(note = "") {
    const { job } = this;
    if (!job) {
      fresh(this.element, this.fault && faultList(this.fault.faults, this.fault.status === 429 ? t("job.too_many") : this.fault.message));
      return;
    }
    const share = job.total ? job.done / job.total : 0;
    const line =
      job.state === "waiting"
        ? t("job.waiting", { position: (job.position ?? 0) + 1 })
        : job.state === "running"
          ? t("job.running", { done: job.done, total: job.total || "–", label: job.label || "" })
          : t(`job.${job.state}`, { seconds: spent(job.seconds, lang()) });
    const left =
      job.state === "running" && typeof job.seconds_left === "number" ? t("job.left", { time: spent(job.seconds_left, lang()) }) : "";
    const button = (name, text, run) => h("button", { type: "button", class: "small-button", onclick: run }, icon(name), text);
    fresh(
      this.element,
      h("div", { class: "job-line" }, h("span", {}, line), h("span", { class: "sub" }, left || note)),
      this.going && h("progress", { max: 1, value: share, "aria-label": line }),
      (job.error || job.faults?.length > 0) && faultList(job.faults, job.error || ""),
      this.fault && faultList(this.fault.faults, this.fault.message),
      h(
        "div",
        { class: "row" },
        this.going &&
          button("close", t("job.cancel"), () =>
            this._act(async () => {
              await api.endJob(job.id);
              return api.job(job.id).catch(() => null);
            }),
          ),
        job.resumable &&
          !this.going &&
          job.state !== "done" &&
          button("play", t("job.resume"), () => this._act(() => api.resumeJob(job.id))),
      ),
    );
  }
}

/** The watch of a screen: its job stands in the address, and each screen keeps its own while the others are looked at. */
export function screenWatch(app, kind, { done, changed }) {
  const view = app.store.get("view");
  const told = (job) => {
    app.watched.set(view, job ? String(job.id) : "");
    app.store.set({ job: app.watched.get(view) });
    changed(job);
  };
  return new JobWatch({ kind, done, changed: told });
}
