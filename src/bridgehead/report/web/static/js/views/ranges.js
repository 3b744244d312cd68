/* How sure: the range of every need over draws of the parameters, how likely its sign is, and what drives it. */

import { fresh, h, icon, s } from "../dom.js";
import { barChart } from "../chart.js";
import { amount, brief, label, plain, scaled } from "../numbers.js";
import { lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { JobWatch } from "../panels/job.js";
import { legend } from "../panels/legend.js";
import { mapWords, tipLines, zoomButtons } from "../panels/map-tools.js";
import { measureName, needName, governmentName } from "../panels/needs.js";
import { scenarioPicker } from "../panels/scenario-picker.js";
import { hideTip, showTip } from "../panels/tip.js";

// A sign is sure where nine draws in ten agree.
const SURE = 0.9;
const CHANCE = { en: "%", zh: "%", scale_en: 100, scale_zh: 100 };
const SCALE = {
  breaks: [0.05, 0.1, 0.25, 0.45, 0.55, 0.75, 0.9, 0.95],
  colours: ["#8a4203", "#c46a12", "#e9a04f", "#f8d3a3", "#f4f4f1", "#c4dcee", "#7fb2d9", "#3c7fb8", "#124b82"],
  diverging: true,
};
const sure = (chance) => chance >= SURE || chance <= 1 - SURE;

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.result = null;
    this.options = { draws: 200, seed: 1 };
    this.camera = new Camera(this.atlas.geo.view, this.atlas.geo.inset);
    this.watch = new JobWatch({
      done: (result) => {
        this.result = result;
        this.draw();
      },
      changed: (job) => {
        app.store.set({ job: job ? String(job.id) : "" });
        this._bar();
      },
    });
    this.bar = h("div", { class: "page-head" });
    this.intro = h("div", { class: "panel intro" }, h("p", {}, t("ranges.intro")));
    this.map = new RegionMap(
      this.atlas.geo,
      this.camera,
      mapWords(this.atlas, () => t("ranges.map")),
      { hover: (i, event) => this.hover(i, event), pick: (i) => app.store.set({ place: this.atlas.places[i].id, view: "explore" }) },
    );
    this.legend = h("div", { class: "map-legend", role: "group" });
    this.cells = h("section", { class: "panel" });
    this.drivers = h("section", { class: "panel" });
    this.notes = h("section", { class: "panel" });
    this.body = h(
      "div",
      { class: "ranges-grid", hidden: true },
      this.cells,
      h(
        "div",
        { class: "stack" },
        this.drivers,
        h(
          "div",
          { class: "map-card chance" },
          h("div", { class: "map-tools" }, h("b", {}, t("ranges.map")), zoomButtons(this.camera, this.atlas)),
          h("div", { class: "map-space" }, this.map.element),
          this.legend,
        ),
        this.notes,
      ),
    );
    this.element = h("div", { class: "page" }, this.bar, this.watch.element, this.intro, this.body);
    this._bar();
    if (app.store.get("job")) this.watch.open(app.store.get("job"));
  }
  remove() {
    this.watch.remove();
    this.map.remove();
    hideTip();
  }
  update(moved) {
    if (moved.has("b") || moved.has("draft")) this._bar();
    if (moved.has("cell") && this.result) {
      this._cells();
      this._drivers();
    }
  }

  get ref() {
    const joint = this.atlas.levers.presets.find((preset) => preset.kind === "joint");
    return this.app.store.get("b") || this.app.from || (this.app.store.get("draft") ? "draft" : joint ? `preset:${joint.id}` : "baseline");
  }

  _bar() {
    const number = (key, text) =>
      h(
        "label",
        { class: "field narrow" },
        h("span", {}, text),
        h("input", {
          type: "text",
          inputmode: "numeric",
          value: this.options[key],
          onchange: (event) => {
            const typed = Number(event.target.value);
            event.target.classList.toggle("wrong", !Number.isInteger(typed));
            if (Number.isInteger(typed)) this.options[key] = typed;
          },
        }),
      );
    const run = () => this.watch.start({ kind: "ensemble", region: this.atlas.id, ...this.app.bodyOf(this.ref), options: this.options });
    fresh(
      this.bar,
      h("div", {}, h("h1", {}, t("ranges.title")), h("p", { class: "sub" }, t("ranges.lead"))),
      scenarioPicker(this.app, t("words.scenario"), this.ref, (b) => this.app.store.set({ b })),
      number("draws", t("ranges.draws")),
      number("seed", t("ranges.seed")),
      h(
        "button",
        { type: "button", class: "button strong", id: "run-ensemble", disabled: this.watch?.going || false, onclick: run },
        icon("play"),
        t("ranges.run"),
      ),
    );
  }

  draw() {
    this.intro.hidden = true;
    this.body.hidden = false;
    this._cells();
    this._drivers();
    this._map();
    this._notes();
  }

  /** A row's names and unit come from the baseline's matrix; its range from the draws. */
  get rows() {
    const found = new Map(this.result.cells.map((cell) => [`${cell.need}|${cell.line}`, cell]));
    return this.atlas.baseline.matrix.map((row) => ({ row, cell: found.get(`${row.need}|${row.line}`) })).filter(({ cell }) => cell);
  }
  get chosen() {
    const asked = this.app.store.get("cell");
    return (
      this.rows.find(({ row }) => `${row.need}|${row.line}` === asked) || this.rows.find(({ row }) => row.line === "1") || this.rows[0]
    );
  }

  _cells() {
    const body = [],
      chosen = this.chosen;
    let government = null;
    for (const { row, cell } of this.rows) {
      if (row.government !== government) {
        government = row.government;
        body.push(h("tr", { class: "gov" }, h("th", { colspan: 4, scope: "rowgroup" }, governmentName(row))));
      }
      const unit = row.unit,
        id = `${row.need}|${row.line}`,
        text = (value) => brief(scaled(value, unit, lang())),
        clear = sure(cell.p_positive),
        good = cell.p_positive >= 0.5 === (row.better !== "down");
      const chance = cell.p_positive >= 0.5 ? cell.p_positive : 1 - cell.p_positive;
      body.push(
        h(
          "tr",
          { class: `${clear ? "" : "unsure"} ${chosen?.row === row ? "chosen" : ""}` },
          h(
            "th",
            { scope: "row" },
            h(
              "button",
              {
                type: "button",
                class: "link-button",
                "aria-pressed": String(chosen?.row === row),
                onclick: () => this.app.store.set({ cell: id }),
              },
              row.line === "1" ? needName(row) : measureName(row),
            ),
            h("small", { class: "block" }, row.line === "1" && measureName(row), " ", label(unit, lang())),
          ),
          h("td", { class: "num" }, text(cell.median)),
          h(
            "td",
            { class: "range-cell" },
            this._whisker(cell),
            h("small", {}, t("ranges.span", { low: text(cell.p5), high: text(cell.p95) })),
          ),
          h(
            "td",
            { class: "num" },
            h(
              "span",
              { class: `pill-sign ${!clear ? "none" : good ? "yes" : "no"}` },
              clear
                ? t(cell.p_positive >= 0.5 ? "ranges.rises" : "ranges.falls", { chance: plain(100 * chance) })
                : t("ranges.unsure", { chance: plain(100 * cell.p_positive) }),
            ),
          ),
        ),
      );
    }
    fresh(
      this.cells,
      h("h2", {}, t("ranges.cells")),
      h("p", { class: "sub" }, t("ranges.cells_note")),
      h(
        "table",
        { class: "plain-table ranges" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [t("needs.need"), t("ranges.median"), t("ranges.range"), t("ranges.sign")].map((text, i) =>
              h("th", { scope: "col", class: i === 1 || i === 3 ? "num" : "" }, text),
            ),
          ),
        ),
        h("tbody", {}, body),
      ),
    );
  }

  /** The range from 5 to 95 % around zero, the median as a dot. */
  _whisker({ p5, p95, median, central }) {
    const low = Math.min(0, p5, central ?? 0),
      high = Math.max(0, p95, central ?? 0),
      span = high - low || 1,
      x = (value) => (6 + (148 * (value - low)) / span).toFixed(1);
    return s(
      "svg",
      { class: "whiskers", viewBox: "0 0 160 22", "aria-hidden": "true" },
      s("line", { class: "axis", x1: x(0), x2: x(0), y1: 2, y2: 20 }),
      s("line", { class: "whisker", x1: x(p5), x2: x(p95), y1: 11, y2: 11 }),
      s("circle", { class: "dot", cx: x(median), cy: 11, r: 4 }),
      typeof central === "number" && s("path", { class: "central", d: `M${x(central)} 5v12` }),
    );
  }

  _drivers() {
    const { chosen } = this;
    const of =
      chosen &&
      (this.result.sobol || [])
        .filter((one) => one.need === chosen.row.need && one.line === chosen.row.line)
        .sort((a, b) => (b.total ?? 0) - (a.total ?? 0))
        .slice(0, 10);
    const rows = (of || []).map((one) => ({
      name: say(named({ id: one.parameter, ...one })),
      value: one.total,
      css: "soft",
      low: one.total_error ? one.total - one.total_error : undefined,
      high: one.total_error ? one.total + one.total_error : undefined,
    }));
    fresh(
      this.drivers,
      h("h2", {}, t("ranges.drivers")),
      chosen && h("p", {}, h("b", {}, needName(chosen.row)), " · ", measureName(chosen.row)),
      rows.length
        ? [
            barChart({ rows, title: t("ranges.drivers"), format: (value) => `${plain(100 * value)} %`, label: 210 }),
            h("p", { class: "sub" }, t("ranges.drivers_note")),
          ]
        : h("p", { class: "sub" }, t("ranges.no_drivers")),
    );
  }

  _map() {
    const found = this.result.places?.value_added_change;
    if (!found) {
      this.map.blank();
      return;
    }
    this.chances = this.atlas.places.map((_, i) => (typeof found.p_positive[i] === "number" ? found.p_positive[i] : null));
    this.map.paint(this.chances, SCALE, this.atlas.inferred, (i) => amount(this.chances[i], CHANCE, lang()));
    legend(this.legend, { scale: SCALE, unit: CHANCE });
  }
  hover(i, event) {
    if (i === null || !event || !this.chances) {
      hideTip();
      return;
    }
    const found = this.result.places.value_added_change,
      unit = unitOf(this.atlas.variables.change.find((v) => v.id === "value_added_change")?.unit);
    showTip(
      event,
      tipLines(
        this.atlas,
        i,
        [
          { name: t("ranges.chance"), values: this.chances, unit: CHANCE, guessed: this.atlas.inferred },
          { name: t("ranges.median"), values: found.median, unit, signed: true },
          { name: "5 %", values: found.p5, unit, signed: true },
          { name: "95 %", values: found.p95, unit, signed: true },
        ],
        [],
      ),
    );
  }

  _notes() {
    const { draws, used, seed, left_out: left } = this.result;
    fresh(
      this.notes,
      h("h2", {}, t("ranges.notes")),
      h("p", {}, t("ranges.used", { used, draws, seed })),
      left?.length > 0 &&
        h(
          "ul",
          { class: "notes" },
          left.map((one) => h("li", {}, t("ranges.left_out", { count: one.count, cause: say({ en: one.cause, zh: one.cause_zh }) }))),
        ),
    );
  }
}
