/* How sure: the range of every need over draws of what is not known, how likely its sign is, and what drives it. */

import { fresh, h, icon, s } from "../dom.js";
import { barChart } from "../chart.js";
import { brief, label, plain, scaled } from "../numbers.js";
import { has, lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { EarlierRuns } from "../panels/earlier.js";
import { screenWatch } from "../panels/job.js";
import { governmentName, measureName, needName } from "../panels/needs.js";
import { jobRun } from "../panels/provenance.js";
import { scenarioPicker } from "../panels/scenario-picker.js";
import { drawn, factorName, fan } from "./ranges-more.js";

// A sign is sure where nine draws in ten agree.
const SURE = 0.9;
const MOST = 10;
// Where the draws explain less of a number than this, what drives it is not known yet.
const LITTLE = 0.5;
const sure = (chance) => typeof chance === "number" && (chance >= SURE || chance <= 1 - SURE);
const keyOf = (cell) => `${cell.need}|${cell.line}`;

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.result = null;
    this.options = { draws: 200, seed: 0, paths: null };
    this.earlier = new EarlierRuns(app, "ensemble", { open: (id) => this.watch.open(id) });
    const changed = () => {
      this._bar();
      this.earlier.refresh(app.store.get("job"));
    };
    this.watch = screenWatch(app, "ensemble", { done: (result, job) => this.took(result, job), changed });
    this.bar = h("div", { class: "page-head" });
    this.intro = h("div", { class: "panel intro" }, h("p", {}, t("ranges.intro")));
    this.cells = h("section", { class: "panel" });
    this.drivers = h("section", { class: "panel" });
    this.swings = h("section", { class: "panel" });
    this.fans = h("section", { class: "panel" });
    this.notes = h("section", { class: "panel" });
    this.body = h(
      "div",
      { class: "ranges-grid", hidden: true },
      this.cells,
      h("div", { class: "stack" }, this.drivers, this.fans, this.swings, this.notes),
    );
    this.element = h("div", { class: "page" }, this.bar, this.watch.element, this.intro, this.body, this.earlier.element);
    this._bar();
    if (app.store.get("job")) this.watch.open(app.store.get("job"));
    this.stop = app.listen((event) => event.phase === "baseline" && this.result && this.draw());
  }

  remove() {
    this.stop();
    this.watch.remove();
  }

  update(moved) {
    if (moved.has("b") || moved.has("draft")) this._bar();
    if (moved.has("cell") && this.result) this.draw();
  }

  get ref() {
    const joint = this.atlas.levers.presets.find((preset) => preset.kind === "joint");
    return this.app.store.get("b") || this.app.from || (this.app.store.get("draft") ? "draft" : joint ? `preset:${joint.id}` : "baseline");
  }

  _bar() {
    const typed = (key) => (event) => {
      const text = event.target.value.trim();
      const value = text === "" && key === "paths" ? null : Number(text || NaN);
      const good = value === null || Number.isInteger(value);
      event.target.classList.toggle("wrong", !good);
      if (good) this.options[key] = value;
    };
    const number = (key, text, more = {}) =>
      h(
        "label",
        { class: "field narrow", title: more.title },
        h("span", {}, text),
        h("input", { type: "text", inputmode: "numeric", value: this.options[key] ?? "", onchange: typed(key), ...more }),
      );
    const options = () => ({ ...this.options, lang: lang() });
    const run = () => this.watch.start({ kind: "ensemble", region: this.atlas.id, ...this.app.bodyOf(this.ref), options: options() });
    fresh(
      this.bar,
      h("div", {}, h("h1", {}, t("ranges.title")), h("p", { class: "sub" }, t("ranges.lead"))),
      scenarioPicker(this.app, t("words.scenario"), this.ref, (b) => this.app.store.set({ b }), t("ranges.all")),
      number("draws", t("ranges.draws")),
      number("paths", t("ranges.paths"), { placeholder: t("ranges.paths_default"), title: t("ranges.paths_note") }),
      number("seed", t("ranges.seed")),
      h(
        "button",
        { type: "button", class: "button strong", id: "run-ensemble", disabled: this.watch?.going || false, onclick: run },
        icon("play"),
        t("ranges.run"),
      ),
    );
  }

  took(result, job) {
    this.result = result;
    this.job = job;
    this.scenario = result.lead;
    this.intro.hidden = true;
    this.body.hidden = false;
    this.draw();
  }

  draw() {
    if (!this.atlas.baseline) return;
    this._cells();
    this._drivers();
    this._fan();
    this._swings();
    this._notes();
  }

  /** A row's names and unit come from the baseline's matrix; its range from the draws. */
  get rows() {
    const found = new Map(this.result.ranges.filter((cell) => cell.scenario === this.scenario).map((cell) => [keyOf(cell), cell]));
    return this.atlas.baseline.matrix.map((row) => ({ row, cell: found.get(keyOf(row)) })).filter(({ cell }) => cell);
  }
  get chosen() {
    const asked = this.app.store.get("cell");
    return this.rows.find(({ row }) => keyOf(row) === asked) || this.rows.find(({ row }) => row.line === "1") || this.rows[0];
  }
  /** What a scenario of the run is called: a strategy or zone by its own name. */
  _called(id) {
    const { presets } = this.atlas.levers;
    return say(named(presets.find((preset) => preset.id === id || preset.name === id)), id);
  }
  /** The name of a factor, short enough for a chart: a lever's without the plan it belongs to. */
  _short(id) {
    const text = this._factor(id).replace(/^.+: /, "");
    return text.length > 34 ? `${text.slice(0, 33)}…` : text;
  }
  _factor(id) {
    return factorName(this.result, id);
  }

  // ---- the needs

  _cells() {
    const ids = [...new Set(this.result.ranges.map((cell) => cell.scenario))];
    const choose = (event) => {
      this.scenario = event.target.value;
      this.draw();
    };
    const option = (id) => h("option", { value: id, selected: id === this.scenario }, this._called(id));
    const picker =
      ids.length > 1 &&
      h("label", { class: "field inline" }, h("span", {}, t("ranges.plan")), h("select", { onchange: choose }, ids.map(option)));
    const heads = [t("needs.need"), t("ranges.median"), t("ranges.range"), t("ranges.sign")];
    const body = [];
    let government = null;
    for (const { row, cell } of this.rows) {
      if (row.government !== government)
        body.push(h("tr", { class: "gov" }, h("th", { colspan: 4, scope: "rowgroup" }, governmentName(row))));
      government = row.government;
      body.push(this._row(row, cell));
    }
    const head = h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((text, i) => h("th", { scope: "col", class: i === 1 || i === 3 ? "num" : "" }, text)),
      ),
    );
    fresh(
      this.cells,
      h("h2", {}, t("ranges.cells")),
      picker,
      h("p", { class: "sub" }, t("ranges.cells_note")),
      h("table", { class: "plain-table ranges" }, head, h("tbody", {}, body)),
    );
  }

  _row(row, cell) {
    const text = (value) => brief(scaled(value, row.unit, lang()));
    const clear = sure(cell.positive);
    const chosen = this.chosen?.row === row;
    const open = () => this.app.store.set({ cell: keyOf(row) });
    const name = h(
      "button",
      { type: "button", class: "link-button", "aria-pressed": String(chosen), onclick: open },
      row.line === "1" ? needName(row) : measureName(row),
    );
    const small = h("small", { class: "block" }, row.line === "1" && measureName(row), " ", label(row.unit, lang()));
    const range = [this._whisker(cell), h("small", {}, t("ranges.span", { low: text(cell.p5), high: text(cell.p95) }))];
    return h(
      "tr",
      { class: `${clear ? "" : "unsure"} ${chosen ? "chosen" : ""}` },
      h("th", { scope: "row" }, name, small),
      h("td", { class: "num" }, text(cell.median)),
      h("td", { class: "range-cell" }, typeof cell.median === "number" && range),
      h("td", { class: "num" }, this._sign(row, cell)),
    );
  }

  _sign(row, { positive, p5, p95 }) {
    if (typeof positive !== "number" || (p5 === 0 && p95 === 0)) return "–";
    if (!sure(positive)) return h("span", { class: "pill-sign none" }, t("ranges.unsure", { chance: plain(100 * positive) }));
    const rises = positive >= SURE;
    const good = rises === (row.better !== "down");
    const chance = plain(100 * (rises ? positive : 1 - positive));
    return h("span", { class: `pill-sign ${good ? "yes" : "no"}` }, t(rises ? "ranges.rises" : "ranges.falls", { chance }));
  }

  /** The range from 5 to 95 % around zero, the median as a dot, the value at the defaults as a short bar. */
  _whisker({ p5, p95, median, default: own }) {
    const ends = [0, p5, p95, own ?? 0];
    const low = Math.min(...ends);
    const span = Math.max(...ends) - low || 1;
    const x = (value) => (6 + (148 * (value - low)) / span).toFixed(1);
    return s(
      "svg",
      { class: "whiskers", viewBox: "0 0 160 22", "aria-hidden": "true" },
      s("line", { class: "axis", x1: x(0), x2: x(0), y1: 2, y2: 20 }),
      s("line", { class: "whisker", x1: x(p5), x2: x(p95), y1: 11, y2: 11 }),
      s("circle", { class: "dot", cx: x(median), cy: 11, r: 4 }),
      typeof own === "number" && s("path", { class: "central", d: `M${x(own)} 5v12` }),
    );
  }

  // ---- what drives the chosen number

  /** Rows of a table of the run that are about the chosen number. */
  _of(table) {
    const { row } = this.chosen || {};
    return row
      ? (this.result[table] || []).filter((one) => one.need === row.need && one.line === row.line && one.scenario === this.scenario)
      : [];
  }

  _drivers() {
    const found = this._of("sobol")
      .sort((a, b) => b.total - a.total)
      .slice(0, MOST);
    const bar = (one) => ({ name: this._short(one.factor), value: one.total, css: "soft", low: one.total_low, high: one.total_high });
    const percent = (value) => `${plain(100 * value)} %`;
    const chart = () => [
      barChart({ rows: found.map(bar), title: t("ranges.drivers"), format: percent, label: 250 }),
      h("p", { class: "sub" }, t("ranges.drivers_note", { explained: percent(found[0].explained ?? 0) })),
    ];
    const { row } = this.chosen || {};
    // A fit that is worse than none says nothing at all: what it gives is not shown.
    const told = (found[0]?.explained ?? 0) > 0;
    fresh(
      this.drivers,
      h("h2", {}, t("ranges.drivers")),
      row && h("p", {}, h("b", {}, needName(row)), " · ", measureName(row)),
      found.length > 0 && (found[0].explained ?? 0) < LITTLE && h("p", { class: "fault" }, t("ranges.little")),
      found.length ? told && chart() : h("p", { class: "sub" }, t("ranges.no_drivers")),
    );
  }

  /** The chosen number year by year; paths are drawn for the scenario that the run is about. */
  _fan() {
    const { row } = this.chosen || {};
    const found = row && this.scenario === this.result.lead && this.result.paths.filter((one) => keyOf(one) === keyOf(row));
    const shown = found && fan(row, found);
    this.fans.hidden = !shown;
    if (shown) fresh(this.fans, shown);
  }

  /** How far the number swings between the lowest and the highest tenth of each factor. */
  _swings() {
    const { row } = this.chosen || {};
    const found = this._of("tornado")
      .sort((a, b) => b.swing - a.swing)
      .slice(0, MOST);
    this.swings.hidden = !found.length;
    if (!found.length) return;
    const text = (value) => brief(scaled(value, row.unit, lang()));
    const cells = (one) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, this._factor(one.factor)),
        h("td", { class: "num" }, text(one.at_low)),
        h("td", { class: "num" }, text(one.at_high)),
      );
    const heads = [t("ranges.factor"), t("ranges.at_low"), t("ranges.at_high")];
    const head = h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((name, i) => h("th", { scope: "col", class: i ? "num" : "" }, name)),
      ),
    );
    fresh(
      this.swings,
      h("h2", {}, t("ranges.swings")),
      h("p", { class: "sub" }, t("ranges.swings_note"), " ", label(row.unit, lang())),
      h("table", { class: "plain-table" }, head, h("tbody", {}, found.map(cells))),
    );
  }

  _notes() {
    const { outcomes, good, plan, failures, unsolved } = this.result;
    const draws = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const outcome = (name) => (has(`outcome.${name}`) ? t(`outcome.${name}`) : name.replace(/_/g, " "));
    const apart = (failures || []).filter((one) => one.outcome !== "ok" && !one.twin);
    const hangs = this._of("data_share").find((one) => one.hangs !== null && one.hangs !== undefined);
    const { draws: count, seed, paths } = this.job.options;
    const command = [
      `bridgehead ensemble ${this.atlas.id} --draws ${count} --seed ${seed}`,
      paths !== null && paths !== undefined ? `--paths ${paths}` : "",
      this.result.run?.levers ? "--scenario scenario.toml" : "",
    ];
    const files = [
      ["report.html", t("report.open")],
      ["files.zip", t("report.files")],
    ];
    fresh(
      this.notes,
      h("h2", {}, t("ranges.notes")),
      h("p", {}, t("ranges.used", { used: good, draws, seed: plan?.seed ?? this.options.seed })),
      unsolved > 0 && h("p", { class: "fault" }, t("ranges.unsolved", { count: unsolved })),
      apart.length > 0 &&
        h(
          "ul",
          { class: "notes" },
          apart.map((one) =>
            h("li", {}, t("ranges.left_out", { count: one.draws, cause: `${outcome(one.outcome)}${one.cause ? `: ${one.cause}` : ""}` })),
          ),
        ),
      hangs && h("p", {}, t(hangs.hangs ? "ranges.hangs" : "ranges.stands")),
      drawn(this.result),
      jobRun(this.app, this.result.run, this.job, { command: command.filter(Boolean).join(" "), files }),
    );
  }
}
