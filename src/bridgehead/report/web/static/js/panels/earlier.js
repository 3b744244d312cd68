/* Runs of one kind that were made before, or wait for their turn: opened again, taken up again, or forgotten. */

import * as api from "../api.js";
import { fresh, h } from "../dom.js";
import { spent, whole } from "../numbers.js";
import { lang, listed, t } from "../text.js";

const SHOWN = 12;
const GOING = ["waiting", "running"];
const when = (text) => new Date(text).toLocaleString(lang() === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });

/** What was asked for, shortly. */
function asked(kind, options, year) {
  if (kind === "ensemble") return t("earlier.ensemble", { draws: whole(options.draws), seed: options.seed });
  if (kind === "path") return t("earlier.path", { from: options.from ?? year, until: options.until });
  return kind === "share" ? t(`sharing.${options.value}`) : "";
}

/** The list of earlier runs of a kind in this region; open(id) shows one. */
export class EarlierRuns {
  constructor(app, kind, { open }) {
    this.app = app;
    this.kind = kind;
    this.open = open;
    this.element = h("section", { class: "panel earlier", hidden: true });
    this.refresh();
  }

  /** Ask the server anew; where it is away, what was shown stays. */
  async refresh(now = "") {
    try {
      const { jobs } = await api.jobs();
      this.draw(
        jobs.filter((job) => job.kind === this.kind && job.region === this.app.atlas.id),
        now,
      );
    } catch {
      /* the list is an extra: the screen works without it */
    }
  }

  draw(jobs, now) {
    this.element.hidden = !jobs.length;
    const heads = [t("words.scenario"), t("earlier.asked"), t("earlier.when"), t("earlier.state"), ""];
    fresh(
      this.element,
      h("h2", {}, t("earlier.title")),
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((text) => h("th", { scope: "col" }, text)),
          ),
        ),
        h("tbody", {}, jobs.slice(0, SHOWN).map((job) => this._row(job, now))),
      ),
    );
  }

  _row(job, now) {
    const going = GOING.includes(job.state);
    const words = going ? t(`earlier.${job.state}`) : t(`job.${job.state}`, { seconds: spent(job.seconds, lang()) });
    const button = (text, run) => h("button", { type: "button", class: "small-button", onclick: run }, text);
    const forget = async () => {
      await api.endJob(job.id).catch(() => {});
      this.refresh(now);
    };
    return h(
      "tr",
      { class: String(job.id) === now ? "chosen" : "" },
      h("th", { scope: "row" }, this._name(job)),
      h("td", {}, asked(this.kind, job.options, this.app.atlas.region.year)),
      h("td", {}, when(job.created)),
      h("td", {}, words),
      h(
        "td",
        { class: "acts" },
        button(t(going || job.resumable ? "earlier.watch" : "earlier.open"), () => this.open(job.id)),
        !going && String(job.id) !== now && button(t("earlier.forget"), forget),
      ),
    );
  }

  /** A preset by its own name in the language of the page; a job of no scenario is about all strategies and zones. */
  _name(job) {
    const preset = this.app.atlas.levers.presets.find((each) => each.scenario.name === job.name);
    const name = preset ? this.app.nameOf(`preset:${preset.id}`) : job.name;
    return name || listed([t("ranges.all")]);
  }
}
