/* Baseline, A and B side by side under one legend, their difference, and inputs' differences beside outputs' differences. */

import { fresh, h, icon } from "../dom.js";
import { scaleOf } from "../breaks.js";
import { amount } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { why } from "../panels/badge.js";
import { legend } from "../panels/legend.js";
import { mapWords, overNoise, tipLines, twin, zoomButtons } from "../panels/map-tools.js";
import { downloads, provenance } from "../panels/provenance.js";
import { scenarioPicker } from "../panels/scenario-picker.js";
import { hideTip, showTip } from "../panels/tip.js";
import { inputs, needs, outputs } from "./compare-tables.js";

const PANELS = ["base", "a", "b", "diff"];
const number = (value) => typeof value === "number" && Number.isFinite(value);

/** B against A: the difference of sums, and of per cents what B is over A. */
export function against(a, b, percent) {
  return b.map((value, i) =>
    !number(value) || !number(a[i]) ? null : percent ? 100 * ((1 + value / 100) / (1 + a[i] / 100) - 1) : value - a[i],
  );
}

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.found = {};
    this.reasons = {};
    this.tableOpen = false;
    this.camera = new Camera(this.atlas.geo.view, this.atlas.geo.inset);
    this.bar = h("div", { class: "page-head" });
    this.titles = {};
    this.maps = {};
    const panels = PANELS.map((key) => {
      this.titles[key] = h("figcaption", {});
      this.maps[key] = new RegionMap(
        this.atlas.geo,
        this.camera,
        mapWords(this.atlas, () => this.titles[key].textContent),
        { hover: (i, event) => this.hover(i, event), pick: (i) => this.open(i) },
        { inset: false, compact: true },
      );
      return h("figure", { class: `map-panel ${key}` }, this.titles[key], this.maps[key].element);
    });
    this.legends = h("div", { class: "legends" });
    this.table = h("div", { class: "panel scroll twin-panel", hidden: true });
    this.inputs = h("section", { class: "panel" });
    this.outputs = h("section", { class: "panel" });
    this.matrix = h("section", { class: "panel" });
    this.runs = h("section", { class: "panel runs" });
    this.element = h(
      "div",
      { class: "page" },
      this.bar,
      h("div", { class: "map-row" }, panels),
      this.legends,
      this.table,
      h("div", { class: "grid two" }, this.inputs, this.outputs),
      this.matrix,
      this.runs,
    );
    this.stop = app.listen((event) => {
      if (event.phase === "baseline" || event.phase === "saved") this.refresh();
    });
    this.refresh();
  }

  remove() {
    this.stop();
    for (const map of Object.values(this.maps)) map.remove();
    hideTip();
  }

  get a() {
    return this.app.store.get("a") || this._first()[0];
  }
  get b() {
    return this.app.store.get("b") || this._first()[1];
  }
  /** Unless told otherwise: what the hand made or chose, against the zones together, or the first two options. */
  _first() {
    const { app } = this,
      presets = this.atlas.levers.presets.map((preset) => `preset:${preset.id}`),
      own = app.store.get("draft") ? "draft" : app.from;
    const joint = this.atlas.levers.presets.find((preset) => preset.kind === "joint"),
      last = joint ? `preset:${joint.id}` : presets[presets.length - 1];
    return own && own !== last ? [last || "baseline", own] : [presets.find((ref) => ref !== last) || "baseline", last || "baseline"];
  }
  get mode() {
    return this.app.store.get("mode") === "levels" ? "levels" : "changes";
  }
  /** What can be mapped: changes, or the state's variables that both baseline and scenario have. */
  get variables() {
    if (this.mode === "changes") return this.atlas.variables.change;
    return (this.atlas.baseline?.quantities || [])
      .filter((q) => q.level !== false && this.atlas.baseline.places[q.id])
      .map((q) => ({ ...q, kind: "state", unit: unitOf(q.unit) }));
  }
  get variable() {
    const asked = this.app.store.get("show").split(":")[1];
    return this.variables.find((v) => v.id === asked) || this.variables.find((v) => v.id === "residents") || this.variables[0];
  }

  update(moved) {
    if (["a", "b", "mode", "show", "draft", "from"].some((key) => moved.has(key))) this.refresh();
  }

  async refresh() {
    this._bar();
    if (!this.atlas.baseline) {
      for (const map of Object.values(this.maps)) map.blank();
      fresh(this.legends, h("p", { class: "sub" }, t("explore.calibrating")));
      return;
    }
    const round = (this.round = (this.round || 0) + 1);
    for (const key of ["a", "b", "diff"]) this.maps[key].busy(true);
    await Promise.all(
      ["a", "b"].map(async (key) => {
        try {
          const answer = await this.app.result(this[key]);
          if (round !== this.round) return;
          this.found[key] = answer.outcome === "solved" ? answer : null;
          this.reasons[key] = answer.outcome === "solved" ? "" : why(answer.certificate, answer.reason, this.atlas);
        } catch (error) {
          if (round === this.round) {
            this.found[key] = null;
            this.reasons[key] = error.message;
          }
        }
      }),
    );
    if (round !== this.round) return;
    this.draw();
  }

  _bar() {
    const { app } = this,
      mode = (key) =>
        h(
          "button",
          { type: "button", "aria-pressed": String(this.mode === key), onclick: () => app.store.set({ mode: key, show: "" }) },
          t(`compare.${key}`),
        );
    const picker = h(
      "label",
      { class: "field" },
      h("span", {}, t("map.shows")),
      h(
        "select",
        { onchange: (event) => app.store.set({ show: `${this.mode === "changes" ? "change" : "state"}:${event.target.value}` }) },
        this.variables.map((v) =>
          h(
            "option",
            { value: v.id, selected: v === this.variable },
            `${cap(say(named(v)))}${v.unit?.[lang()] ? ` · ${v.unit[lang()]}` : ""}`,
          ),
        ),
      ),
    );
    fresh(
      this.bar,
      h("div", {}, h("h1", {}, t("compare.title")), h("p", { class: "sub" }, t("compare.lead"))),
      scenarioPicker(app, "A", this.a, (ref) => app.store.set({ a: ref })),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": t("compare.swap"),
          title: t("compare.swap"),
          onclick: () => app.store.set({ a: this.b, b: this.a }),
        },
        icon("swap"),
      ),
      scenarioPicker(app, "B", this.b, (ref) => app.store.set({ b: ref })),
      h("div", { class: "seg", role: "group", "aria-label": t("compare.mode") }, mode("changes"), mode("levels")),
      picker,
      zoomButtons(this.camera, this.atlas),
      h(
        "button",
        {
          type: "button",
          class: "small-button",
          "aria-pressed": String(this.tableOpen),
          onclick: () => {
            this.tableOpen = !this.tableOpen;
            this._bar();
            this._table();
          },
        },
        icon("table"),
        t("map.table"),
      ),
    );
  }

  // ---- maps

  /** Values of each panel; null where a scenario has none. */
  _values() {
    const v = this.variable,
      { found, atlas } = this,
      drawn = (values) => values && atlas.places.map((place, i) => (atlas.geo.paths[i] ? values[i] : null));
    if (this.mode === "levels") {
      const [base, a, b] = [atlas.baseline.places[v.id], found.a?.places[v.id], found.b?.places[v.id]].map((values) =>
        drawn(values || null),
      );
      return { base, a, b, diff: a && b ? b.map((value, i) => (number(value) && a[i] ? 100 * (value / a[i] - 1) : null)) : null };
    }
    const level = atlas.variables.level[0],
      [a, b] = [found.a, found.b].map((answer) => drawn(answer ? overNoise(answer, v.id) : null));
    return { base: atlas.levels(level), a, b, diff: a && b ? against(a, b, v.unit?.id === "%" || v.id.endsWith("_percent")) : null };
  }

  draw() {
    const v = this.variable,
      values = (this.values = this._values()),
      levels = this.mode === "levels",
      level = this.atlas.variables.level[0],
      drawn = this.atlas.geo.order;
    const of = (...keys) => keys.flatMap((key) => (values[key] ? drawn.map((i) => values[key][i]) : []));
    const shared = levels ? scaleOf(of("base", "a", "b"), false) : scaleOf(of("a", "b", "diff"), true),
      other = levels ? scaleOf(of("diff"), true) : scaleOf(of("base"), false);
    const percent = { en: "%", zh: "%", scale_en: 1, scale_zh: 1 };
    const shown = {
      base: [levels ? shared : other, levels ? v.unit : level.unit, false],
      a: [shared, v.unit, !levels],
      b: [shared, v.unit, !levels],
      diff: [levels ? other : shared, levels ? percent : v.unit, true],
    };
    const guessed = levels ? this.atlas.guessed(null) : this.atlas.guessed(v);
    this.shown = shown;
    this.guessed = guessed;
    for (const key of PANELS) {
      const [scale, unit, signed] = shown[key],
        map = this.maps[key];
      map.busy(false);
      if (values[key]) map.paint(values[key], scale, guessed, (i) => amount(values[key][i], unit, lang(), { signed }));
      else map.blank();
    }
    this._titles(levels ? cap(say(named(v))) : say(named(level)), v);
    this._legends(levels, shared, other, v, level, percent);
    this._table();
    fresh(this.inputs, inputs(this.atlas, this.app.leversOf(this.a), this.app.leversOf(this.b)));
    fresh(this.outputs, outputs(this.found, this.reasons));
    const names = { a: this.app.nameOf(this.a), b: this.app.nameOf(this.b) };
    this._runs();
    fresh(this.matrix, needs(this.atlas.baseline.matrix, this.found, names, this.reasons));
  }

  /** Which run each column came from, and its files. */
  _runs() {
    const solved = ["a", "b"].filter((key) => this.found[key]);
    this.runs.hidden = !solved.length;
    const one = (key) =>
      h(
        "div",
        {},
        h("h3", {}, key.toUpperCase(), " ", h("small", {}, this.app.nameOf(this[key]))),
        provenance(this.app, this.found[key]),
        downloads(this.app, this.found[key], this.app.bodyOf(this[key])),
      );
    fresh(this.runs, h("h2", {}, t("run.where_from")), h("div", { class: "grid two" }, solved.map(one)));
  }

  _titles(base, v) {
    const { app } = this,
      name = (key) => [
        h("b", {}, key.toUpperCase()),
        " ",
        app.nameOf(this[key]),
        !this.found[key] && h("span", { class: "tag" }, t("badge.refused")),
      ];
    fresh(this.titles.base, h("b", {}, t("words.baseline")), " ", base);
    fresh(this.titles.a, name("a"));
    fresh(this.titles.b, name("b"));
    fresh(this.titles.diff, h("b", {}, t("compare.difference")), " ", cap(say(named(v))));
    for (const map of Object.values(this.maps)) map.retell();
  }

  _legends(levels, shared, other, v, level, percent) {
    const one = (given) => {
      const box = h("div", { class: "map-legend", role: "group" });
      legend(box, given);
      return box;
    };
    fresh(
      this.legends,
      levels
        ? [
            one({ scale: shared, unit: v.unit, title: t("compare.legend_levels") }),
            one({ scale: other, unit: percent, title: t("compare.legend_diff"), none: false, guessed: false }),
          ]
        : [
            one({ scale: other, unit: level.unit, title: t("words.baseline"), none: false, guessed: false }),
            one({ scale: shared, unit: v.unit, title: t("compare.legend_changes") }),
          ],
    );
  }

  _table() {
    this.table.hidden = !this.tableOpen || !this.values;
    if (this.table.hidden) return;
    const heads = { base: t("words.baseline"), a: "A", b: "B", diff: t("compare.difference") };
    const columns = PANELS.filter((key) => this.values[key]).map((key) => ({
      name: heads[key],
      unit: this.shown[key][1],
      values: this.values[key],
      signed: this.shown[key][2],
    }));
    fresh(
      this.table,
      twin(this.atlas, columns, this.guessed, (place) => this.app.store.set({ place, view: "explore" })),
    );
  }

  hover(i, event) {
    for (const map of Object.values(this.maps)) map.hover(i);
    if (i === null || !event || !this.values) {
      hideTip();
      return;
    }
    const heads = { base: t("words.baseline"), a: "A", b: "B", diff: t("compare.difference") };
    showTip(
      event,
      tipLines(
        this.atlas,
        i,
        PANELS.filter((key) => this.values[key]).map((key) => ({
          name: heads[key],
          values: this.values[key],
          unit: this.shown[key][1],
          signed: this.shown[key][2],
          guessed: key === "a" ? this.guessed : null,
        })),
        [],
      ),
    );
  }
  open(i) {
    this.app.store.set({ place: this.atlas.places[i].id, view: "explore" });
  }
}
