/* Year by year: the region with and without a scenario, on the map and as lines, with playback. */

import { fresh, h, icon, still } from "../dom.js";
import { scaleOf } from "../breaks.js";
import { lineChart } from "../chart.js";
import { amount, change, plain, scaled } from "../numbers.js";
import { aside, cap, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { JobWatch } from "../panels/job.js";
import { legend } from "../panels/legend.js";
import { mapWords, tipLines, zoomButtons } from "../panels/map-tools.js";
import { scenarioPicker } from "../panels/scenario-picker.js";
import { hideTip, showTip } from "../panels/tip.js";

const PERCENT = { id: "%", en: "%", zh: "%", scale_en: 1, scale_zh: 1 };
const PACE = 420;
const MODES = ["effect", "growth"];

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.result = null;
    this.playing = 0;
    this.camera = new Camera(this.atlas.geo.view, this.atlas.geo.inset);
    this.asked = { from: this.atlas.region.year, until: 2050, step: 1, movers: "myopic" };
    this.watch = new JobWatch({
      done: (result, job) => this.took(result, job),
      changed: (job) => {
        app.store.set({ job: job ? String(job.id) : "" });
        this._bar();
      },
    });
    this.bar = h("div", { class: "page-head" });
    this.map = new RegionMap(
      this.atlas.geo,
      this.camera,
      mapWords(this.atlas, () => t("view.path")),
      { hover: (i, event) => this.hover(i, event), pick: (i) => this.choose(i) },
    );
    this.tools = h("div", { class: "map-tools" });
    this.legend = h("div", { class: "map-legend", role: "group" });
    this.player = h("div", { class: "player" });
    this.lines = h("section", { class: "panel" });
    this.trust = h("section", { class: "panel" });
    this.body = h(
      "div",
      { class: "path-grid", hidden: true },
      h("div", { class: "map-card tall" }, this.tools, h("div", { class: "map-space" }, this.map.element), this.player, this.legend),
      this.lines,
    );
    this.intro = h("div", { class: "panel intro" }, h("p", {}, t("path.intro")));
    this.element = h("div", { class: "page" }, this.bar, this.watch.element, this.intro, this.body, this.trust);
    this.trust.hidden = true;
    this._bar();
    if (app.store.get("job")) this.watch.open(app.store.get("job"));
  }
  remove() {
    this._stop();
    this.watch.remove();
    this.map.remove();
    hideTip();
  }

  get ref() {
    return this.app.store.get("b") || this.app.from || (this.app.store.get("draft") ? "draft" : this._joint());
  }
  _joint() {
    const joint = this.atlas.levers.presets.find((preset) => preset.kind === "joint");
    return joint ? `preset:${joint.id}` : "baseline";
  }
  get year() {
    const asked = Number(this.app.store.get("year")),
      { years } = this.result;
    return years.includes(asked) ? asked : years[years.length - 1];
  }
  get mode() {
    return MODES.includes(this.app.store.get("mode"))
      ? this.app.store.get("mode")
      : this.result?.inside[this.variable.id].scenario
        ? "effect"
        : "growth";
  }
  get variable() {
    const asked = this.app.store.get("show").split(":")[1];
    return this.variables.find((v) => v.id === asked) || this.variables[0];
  }
  get variables() {
    return (this.result?.variables || []).map((v) => ({ ...v, unit: unitOf(v.unit) }));
  }

  update(moved) {
    if (moved.has("b") || moved.has("draft")) this._bar();
    if (this.result && (moved.has("show") || moved.has("mode"))) {
      this._tools();
      this.draw();
    }
    if (this.result && moved.has("year")) this.draw();
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
          value: this.asked[key],
          onchange: (event) => {
            const value = Number(event.target.value);
            event.target.classList.toggle("wrong", !Number.isInteger(value));
            if (Number.isInteger(value)) this.asked[key] = value;
          },
        }),
      );
    const run = () => this.watch.start({ kind: "path", region: this.atlas.id, ...this.app.bodyOf(this.ref), options: this.asked });
    fresh(
      this.bar,
      h("div", {}, h("h1", {}, t("path.title")), h("p", { class: "sub" }, t("path.lead"))),
      scenarioPicker(this.app, t("words.scenario"), this.ref, (b) => this.app.store.set({ b })),
      number("from", t("path.from")),
      number("until", t("path.until")),
      number("step", t("path.step")),
      h(
        "label",
        { class: "field" },
        h("span", {}, t("path.movers")),
        h(
          "select",
          {
            onchange: (event) => {
              this.asked.movers = event.target.value;
            },
          },
          ["myopic", "forward"].map((key) => h("option", { value: key, selected: key === this.asked.movers }, t(`path.${key}`))),
        ),
      ),
      h(
        "button",
        { type: "button", class: "button strong", id: "run-path", disabled: this.watch?.going || false, onclick: run },
        icon("play"),
        t("path.run"),
      ),
    );
  }

  took(result) {
    this.result = result;
    this.intro.hidden = true;
    this.body.hidden = false;
    this.trust.hidden = false;
    this._tools();
    this.draw();
    this._trust();
  }

  _tools() {
    const { store } = this.app,
      mode = (key) =>
        h(
          "button",
          { type: "button", "aria-pressed": String(this.mode === key), onclick: () => store.set({ mode: key }) },
          t(`path.${key}`),
        );
    const both = Boolean(this.result.inside[this.variable.id].scenario);
    fresh(
      this.tools,
      h(
        "label",
        { class: "field inline" },
        h("span", {}, t("map.shows")),
        h(
          "select",
          { onchange: (event) => store.set({ show: `path:${event.target.value}` }) },
          this.variables.map((v) => h("option", { value: v.id, selected: v.id === this.variable.id }, cap(say(named(v))))),
        ),
      ),
      both && h("div", { class: "seg", role: "group", "aria-label": t("compare.mode") }, MODES.map(mode)),
      zoomButtons(this.camera, this.atlas),
    );
  }

  /** Per cent by place in one year: what the scenario does, or the growth since the first year. */
  _values(index) {
    const { places } = this.result,
      own = places[this.variable.id];
    if (!own) return null;
    const top = this.mode === "effect" ? own.scenario?.[index] : (own.scenario || own.baseline)[index],
      bottom = this.mode === "effect" ? own.baseline[index] : (own.scenario || own.baseline)[0];
    return top
      ? top.map((value, i) => (this.atlas.geo.paths[i] && typeof value === "number" && bottom[i] ? 100 * (value / bottom[i] - 1) : null))
      : null;
  }

  draw() {
    const { years } = this.result,
      index = years.indexOf(this.year),
      key = `${this.variable.id}|${this.mode}`;
    if (this.scaleKey !== key) {
      this.scale = scaleOf(
        years.flatMap((_, i) => {
          const values = this._values(i);
          return values ? this.atlas.geo.order.map((n) => values[n]) : [];
        }),
        true,
      );
      this.scaleKey = key;
    }
    this.values = this._values(index);
    if (this.values)
      this.map.paint(this.values, this.scale, this.atlas.inferred, (i) => amount(this.values[i], PERCENT, lang(), { signed: true }));
    else this.map.blank();
    legend(this.legend, {
      scale: this.scale,
      unit: PERCENT,
      title: t(this.mode === "effect" ? "path.effect_long" : "path.growth_long", { year: years[0] }),
    });
    this._player(years, index);
    this._lines(index);
  }

  _player(years, index) {
    if (!this.slider) {
      this.slider = h("input", {
        type: "range",
        class: "range year-range",
        min: 0,
        max: years.length - 1,
        step: 1,
        "aria-label": t("path.year"),
        oninput: () => {
          this._stop();
          this.app.store.set({ year: String(this.result.years[Number(this.slider.value)]) });
        },
      });
      this.button = h("button", { type: "button", class: "icon-button", onclick: () => (this.playing ? this._stop() : this._play()) });
      this.shownYear = h("output", { class: "year" });
      fresh(this.player, this.button, this.slider, this.shownYear);
    }
    this.slider.max = years.length - 1;
    this.slider.value = String(index);
    this.slider.style.setProperty("--at", `${(100 * index) / Math.max(1, years.length - 1)}%`);
    this.slider.setAttribute("aria-valuetext", String(this.year));
    this.shownYear.textContent = String(this.year);
    fresh(this.button, icon(this.playing ? "pause" : "play"));
    this.button.setAttribute("aria-label", t(this.playing ? "path.pause" : "path.play"));
  }
  _play() {
    const { years } = this.result,
      last = years[years.length - 1];
    if (this.year === last) this.app.store.set({ year: String(years[0]) });
    const step = () => {
      const next = years[years.indexOf(this.year) + 1];
      if (next === undefined) {
        this._stop();
        return;
      }
      this.app.store.set({ year: String(next) });
    };
    this.playing = setInterval(step, still() ? 2 * PACE : PACE);
    this.draw();
  }
  _stop() {
    clearInterval(this.playing);
    const was = this.playing;
    this.playing = 0;
    if (was && this.result) this.draw();
  }

  hover(i, event) {
    if (i === null || !event || !this.values) {
      hideTip();
      return;
    }
    showTip(
      event,
      tipLines(
        this.atlas,
        i,
        [
          {
            name: `${cap(say(named(this.variable)))} ${this.year}`,
            values: this.values,
            unit: PERCENT,
            signed: true,
            guessed: this.atlas.inferred,
          },
        ],
        [],
      ),
    );
  }
  choose(i) {
    this.place = this.place === i ? null : i;
    this.map.choose(this.place);
    this._lines(this.result.years.indexOf(this.year));
  }

  // ---- lines

  _series(own) {
    return [
      { name: t("path.without"), values: own.baseline, css: "base" },
      ...(own.scenario ? [{ name: t("path.with"), values: own.scenario, css: "with" }] : []),
    ];
  }
  _lines(index) {
    const v = this.variable,
      { years, inside, jurisdictions, places } = this.result,
      format = (value) => plain(scaled(value, v.unit, lang()));
    const scale = (series) => series.map((one) => ({ ...one, values: one.values.map((value) => value) }));
    const chart = (title, own) =>
      h(
        "figure",
        { class: "line-figure" },
        h("figcaption", {}, title),
        lineChart({ x: years, series: scale(this._series(own)), at: years[index], format, title }),
      );
    const unit = v.unit?.[lang()] || "",
      at = (list) => list?.[index];
    const here =
      this.place !== null && this.place !== undefined && places[v.id]
        ? { baseline: places[v.id].baseline.map((row) => row[this.place]), scenario: places[v.id].scenario?.map((row) => row[this.place]) }
        : null;
    const own = new Set(this.atlas.places.filter((place) => !place.outside).map((place) => place.jurisdictions.province)),
      level = jurisdictions.some((j) => j.level === "province") ? "province" : jurisdictions[0]?.level,
      listed = jurisdictions.filter((j) => j.level === level && j.values[v.id]).map((j) => [say(named(j)), j.values[v.id], own.has(j.id)]);
    const rows = [[t("path.all_inside"), inside[v.id]], ...listed.filter(([, , ours]) => ours || !own.size)],
      beyond = listed.filter(([, , ours]) => own.size && !ours);
    const moved = (own) => (own.scenario && at(own.baseline) ? `${change(100 * (at(own.scenario) / at(own.baseline) - 1))} %` : "–");
    const tableOf = (rows) =>
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["", t("path.without"), t("path.with"), t("words.change")].map((text, n) =>
              h("th", { scope: "col", class: n ? "num" : "" }, text),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map(([name, own]) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, name),
              h("td", { class: "num" }, format(at(own.baseline))),
              h("td", { class: "num" }, own.scenario ? format(at(own.scenario)) : "–"),
              h("td", { class: "num" }, moved(own)),
            ),
          ),
        ),
      );
    fresh(
      this.lines,
      h("h2", {}, cap(say(named(v))), h("small", {}, aside(unit))),
      here ? chart(this.atlas.fullName(this.place), here) : chart(t("path.all_inside"), inside[v.id]),
      h("p", { class: "sub" }, t("path.pick_place")),
      h("h3", {}, String(this.year)),
      tableOf(rows),
      beyond.length > 0 && h("details", {}, h("summary", {}, t("path.beyond")), tableOf(beyond)),
      this._welfare(index),
      this._byYear(v, years, inside[v.id], format),
    );
  }
  _welfare(index) {
    const { welfare, years } = this.result;
    if (!welfare?.some((value) => typeof value === "number")) return null;
    return h(
      "figure",
      { class: "line-figure" },
      h("figcaption", {}, t("path.welfare"), h("small", {}, aside(unitOf(this.result.welfare_unit)?.[lang()] || ""))),
      lineChart({
        x: years,
        series: [{ name: "", values: welfare, css: "with" }],
        at: years[index],
        format: (value) => plain(scaled(value, unitOf(this.result.welfare_unit), lang())),
        title: t("path.welfare"),
        height: 190,
        zero: true,
      }),
    );
  }
  _byYear(v, years, own, format) {
    return h(
      "details",
      {},
      h("summary", {}, t("path.table")),
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [t("path.year"), t("path.without"), t("path.with")].map((text, i) => h("th", { scope: "col", class: i ? "num" : "" }, text)),
          ),
        ),
        h(
          "tbody",
          {},
          years.map((year, i) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, String(year)),
              h("td", { class: "num" }, format(own.baseline[i])),
              h("td", { class: "num" }, own.scenario ? format(own.scenario[i]) : "–"),
            ),
          ),
        ),
      ),
    );
  }

  _trust() {
    const { certificates, assumed, fit } = this.result,
      bad = certificates.filter((c) => c.outcome !== "solved"),
      worst = Math.max(...certificates.map((c) => c.estimated_distance || 0));
    const text = (row, key) => (typeof row[key] === "number" ? plain(row[key]) : String(row[key] ?? "–"));
    const keys = fit?.length ? Object.keys(fit[0]).filter((key) => !key.endsWith("_zh")) : [];
    fresh(
      this.trust,
      h("h2", {}, t("path.trust")),
      h(
        "p",
        {},
        bad.length
          ? t("path.bad", { count: bad.length, year: bad[0].year })
          : t("path.certified", { count: certificates.length, distance: worst.toExponential(1).replace("e-", "e−") }),
      ),
      assumed?.length > 0 &&
        h(
          "p",
          { class: "sub" },
          t("path.assumed", {
            names: assumed.map((one) => (typeof one === "string" ? one.replace(/_/g, " ") : say(named(one)))).join(", "),
          }),
        ),
      keys.length > 0 &&
        h(
          "details",
          {},
          h("summary", {}, t("path.fit")),
          h(
            "div",
            { class: "scroll" },
            h(
              "table",
              { class: "plain-table" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  keys.map((key) => h("th", { scope: "col" }, key.replace(/_/g, " "))),
                ),
              ),
              h(
                "tbody",
                {},
                fit.map((row) =>
                  h(
                    "tr",
                    {},
                    keys.map((key) => h("td", { class: typeof row[key] === "number" ? "num" : "" }, text(row, key))),
                  ),
                ),
              ),
            ),
          ),
        ),
    );
  }
}
