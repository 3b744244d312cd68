/* Year by year: the region with and without a scenario, on the map and as lines, with playback. */

import { fresh, h, icon, still } from "../dom.js";
import { scaleOf } from "../breaks.js";
import { amount } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { EarlierRuns } from "../panels/earlier.js";
import { screenWatch } from "../panels/job.js";
import { legend } from "../panels/legend.js";
import { mapWords, tipLines, zoomButtons } from "../panels/map-tools.js";
import { jobRun } from "../panels/provenance.js";
import { scenarioPicker } from "../panels/scenario-picker.js";
import { hideTip, showTip } from "../panels/tip.js";
import { lines, trust } from "./path-lines.js";

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
    this.earlier = new EarlierRuns(app, "path", { open: (id) => this.watch.open(id) });
    this.watch = screenWatch(app, "path", {
      done: (result, job) => this.took(result, job),
      changed: () => {
        this._bar();
        this.earlier.refresh(app.store.get("job"));
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
    this.element = h("div", { class: "page" }, this.bar, this.watch.element, this.intro, this.body, this.trust, this.earlier.element);
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

  took(result, job) {
    this.result = result;
    this.scaleKey = "";
    this.intro.hidden = true;
    this.body.hidden = false;
    this.trust.hidden = false;
    this._tools();
    this.draw();
    const { from, until, step, movers } = job.options;
    const command = [
      `bridgehead path ${this.atlas.id}`,
      result.run?.levers ? "--scenario scenario.toml" : "",
      `--from ${from ?? result.years[0]} --until ${until} --step ${step}`,
      movers === "forward" ? "--movers forward" : "",
      "--out out",
    ];
    const files = [["files.zip", t("run.tables")]];
    fresh(this.trust, trust(result), jobRun(this.app, result.run, job, { command: command.filter(Boolean).join(" "), files }));
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
    this._lines();
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
    this._lines();
  }

  _lines() {
    fresh(this.lines, lines(this.atlas, this.result, { variable: this.variable, year: this.year, place: this.place ?? null }));
  }
}
