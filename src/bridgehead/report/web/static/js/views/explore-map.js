/* The map of the first screen: what it shows, its tools, its legend and table, and what is drawn on it. */

import { calm, fresh, h, icon } from "../dom.js";
import * as api from "../api.js";
import { fits, scaleOf } from "../breaks.js";
import { amount } from "../numbers.js";
import { lang, listed, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { LeverForm } from "../panels/lever-form.js";
import { legend } from "../panels/legend.js";
import { finder, mapWords, overNoise, tipLines, twin, variablePicker, zoomButtons } from "../panels/map-tools.js";
import { hideTip, showTip } from "../panels/tip.js";

const FACTS = ["residents", "population", "gdp", "construction_land", "jobs"];

export class ExploreMap {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.facts = new Map();
    this.prices = new Map();
    this.picked = new Set();
    this.painted = null;
    this.tableOpen = false;
    // While the hand moves, answers pass by; the scale that the first of them makes is made anew when the hand rests.
    this.passing = false;
    this.provisional = true;
    this.camera = new Camera(this.atlas.geo.view, this.atlas.geo.inset);
    this.camera.read(app.store.get("cam"));
    this.camera.watch(calm(() => app.store.set({ cam: this.camera.text() }), 300));
    this.map = new RegionMap(
      this.atlas.geo,
      this.camera,
      mapWords(this.atlas, () => this.title),
      {
        hover: (i, event) => this.hover(i, event),
        pick: (i) => app.store.set({ place: this.atlas.places[i].id }),
        draw: (kind, places) => this.draw(kind, places),
        cancel: () => this.cancel(),
      },
    );
    this.overlay = h("div", { class: "map-overlay", hidden: true, role: "status" });
    this.map.element.append(this.overlay);
    this.tools = h("div", { class: "map-tools" });
    this.legend = h("div", { class: "map-legend", role: "group" });
    this.table = h("div", { class: "twin-holder", hidden: true });
    this.hint = h("div", { class: "draw-hint", hidden: true, role: "status" });
    const space = h("div", { class: "map-space" }, this.map.element, this.table);
    this.element = h("div", { class: "map-card" }, this.tools, this.hint, space, this.legend);
    this.busySoon = calm(() => this.map.busy(true), 300);
    this.retool();
  }

  remove() {
    this.map.remove();
    this.app.tool = null;
    hideTip();
  }

  /** The variable of the map: the chosen one, else value added, its change where a scenario is on. */
  get variable() {
    const { store, active } = this.app,
      asked = store.get("show");
    if (asked.startsWith("shadow:"))
      return {
        id: asked.slice(7),
        kind: "shadow",
        name: t(`map.${asked.replace(":", "_")}`),
        name_zh: t(`map.${asked.replace(":", "_")}`),
        unit: this.prices.get(this._priceKey(asked.slice(7)))?.unit,
      };
    const found = this.atlas.variable(asked);
    if (found && (found.kind === "level" || active)) return found;
    return active ? this.atlas.variables.change[0] : this.atlas.variables.level[0];
  }
  get title() {
    const v = this.variable;
    return `${this.app.title} · ${say(named(v))}`;
  }
  _priceKey(of) {
    return `${this.app.answer?.key}|${of}`;
  }

  /** Values by place of what the map shows; null where they are not there. */
  values(v) {
    if (v.kind === "level") return this.atlas.levels(v);
    if (v.kind === "shadow") return this.prices.get(this._priceKey(v.id))?.values || null;
    return this.app.answer ? overNoise(this.app.answer, v.id) : null;
  }

  /** Words over the map; none takes them away. */
  tell(...content) {
    this.overlay.hidden = content.length === 0;
    fresh(this.overlay, content);
  }

  /** The map is being computed anew; what passes by is shown, still marked so. */
  checking(passing) {
    this.passing = true;
    if (passing) this.painting(passing);
    else this.busySoon();
  }

  /** A solved scenario, or the baseline. */
  solved(answer) {
    this.passing = false;
    this.busySoon.cancel();
    this.map.busy(false);
    this.tell();
    this.painting(answer);
  }

  /** No numbers: the map is grey, and nothing old stands on it. */
  none(...words) {
    this.busySoon.cancel();
    this.map.busy(false);
    this.map.blank();
    this.painted = null;
    fresh(this.legend, h("p", { class: "sub" }, t("map.no_numbers")));
    this.table.hidden = true;
    this.tell(...words);
  }

  painting(answer) {
    const v = this.variable;
    if (v.kind === "change") this._paint(v, overNoise(answer, v.id));
    else this.paint();
  }

  paint() {
    const v = this.variable,
      values = this.values(v);
    if (v.kind === "shadow" && !values) {
      this._fetchPrices(v.id);
      return;
    }
    if (!values || !values.length) return;
    this._paint(v, values);
  }

  async _fetchPrices(of) {
    const { answer } = this.app,
      key = this._priceKey(of);
    if (!answer) return;
    this.map.busy(true);
    try {
      const found = await api.shadowPrices(answer.key, of);
      this.prices.set(key, { ...found, unit: unitOf(found.unit) });
    } catch (error) {
      this.tell(h("p", { class: "fault" }, error.message));
      this.map.busy(false);
      return;
    }
    if (this.app.answer === answer) {
      this.map.busy(false);
      this.paint();
    }
  }

  _paint(v, values) {
    const key = `${v.kind}:${v.id}`,
      { sticky } = this.app,
      guessed = this.atlas.guessed(v);
    const drawn = this.atlas.geo.order.map((i) => values[i]);
    let scale = sticky.scale(key, drawn, v.kind === "change");
    // The first scale of a scenario is made anew once the hand rests, if it does not suit; after that only the reader changes it.
    if (v.kind === "change" && !this.passing && this.provisional && !fits(scale, drawn)) {
      sticky.forget(key);
      scale = sticky.scale(key, drawn, true);
    }
    if (!this.passing && scale.breaks.length) this.provisional = false;
    if (v.kind !== "change" && !scale.breaks.length) scale = scaleOf(drawn, false);
    const signed = v.kind === "change";
    this.painted = { v, values, guessed, signed };
    this.map.paint(values, scale, guessed, (i) => amount(values[i], v.unit, lang(), { signed }));
    const again =
      signed && !this.passing && !fits(scale, drawn)
        ? () => {
            sticky.forget(key);
            this._paint(v, values);
          }
        : null;
    legend(this.legend, { scale, unit: v.unit, again, guessed: guessed.size > 0 });
    if (this.tableOpen) this._table();
  }

  retool() {
    const v = this.variable,
      { app } = this;
    const extra = this.atlas.baseline
      ? [
          ["shadow:land", t("map.shadow_land")],
          ...(this.atlas.kind("research")?.available ? [["shadow:research", t("map.shadow_research")]] : []),
        ]
      : [];
    fresh(
      this.tools,
      variablePicker(this.atlas, { value: `${v.kind}:${v.id}`, active: app.active, extra, choose: (show) => app.store.set({ show }) }),
      finder(this.atlas, (place) => app.store.set({ place, tab: app.store.get("tab") })),
      zoomButtons(this.camera, this.atlas),
      h(
        "button",
        {
          type: "button",
          class: "small-button",
          id: "table-twin",
          "aria-pressed": String(this.tableOpen),
          "aria-label": t("map.table"),
          onclick: () => {
            this.tableOpen = !this.tableOpen;
            this.retool();
            this._table();
          },
        },
        icon("table"),
        h("span", { class: "word" }, t("map.table")),
      ),
    );
  }

  _table() {
    this.table.hidden = !this.tableOpen;
    if (!this.tableOpen || !this.painted) return;
    const { v, values, guessed, signed } = this.painted;
    fresh(
      this.table,
      twin(this.atlas, [{ name: say(named(v)), unit: v.unit, values, signed }], guessed, (place) => this.app.store.set({ place })),
    );
  }

  hover(i, event) {
    if (i === null || !event) {
      hideTip();
      return;
    }
    const { painted } = this,
      shown = painted ? [{ name: say(named(painted.v)), ...painted, unit: painted.v.unit }] : [],
      id = this.atlas.places[i].id;
    showTip(event, tipLines(this.atlas, i, shown, this.facts.get(id) ?? null));
    this.hovered = id;
    if (!this.facts.has(id)) this._factsSoon(id, i, event, shown);
  }
  _factsSoon = calm(async (id, i, event, shown) => {
    if (this.hovered !== id) return;
    try {
      const { facts } = await api.facts(this.atlas.id, id);
      const first = FACTS.flatMap((name) => facts.filter((fact) => fact.variable === name).slice(0, 1)).slice(0, 4);
      this.facts.set(id, first);
      if (this.hovered === id && !document.getElementById("tip").hidden) showTip(event, tipLines(this.atlas, i, shown, first));
    } catch {
      /* the tip stays without facts; the place's panel says why */
    }
  }, 120);

  choose() {
    const i = this.atlas.index.get(this.app.store.get("place"));
    this.map.choose(i === undefined || !this.atlas.geo.paths[i] ? null : i);
    if (i !== undefined && this.atlas.geo.anchors[i]) this.camera.show(this.atlas.geo.anchors[i], 1);
  }

  /** Look where the address says, unless the map does already. */
  look(cam) {
    if (this.camera.text() !== cam) this.camera.read(cam);
  }

  /** Lines of the flows of a place; come near enough for the lines of a place to be told apart. */
  flows(lines) {
    this.map.flows(lines);
    const i = this.atlas.index.get(this.app.store.get("place")),
      { anchors } = this.atlas.geo;
    if (!lines.length || i === undefined || !anchors[i]) return;
    const reach = lines
      .map((line) => Math.hypot(anchors[line.from][0] - anchors[line.to][0], anchors[line.from][1] - anchors[line.to][1]))
      .sort((a, b) => a - b);
    const wide = Math.max(2.6 * reach[Math.floor(0.6 * (reach.length - 1))], this.camera.home[2] / 12);
    if (this.camera.box[2] > 1.6 * wide)
      this.camera.set([anchors[i][0] - wide / 2, anchors[i][1] - (wide * this.camera.home[3]) / this.camera.home[2] / 2, wide]);
  }

  // ---- tools on the map

  taken() {
    const { tool } = this.app;
    this.picked.clear();
    this.map.picks([]);
    this.map.hand.take(tool === "zone" ? "lasso" : tool);
    this._hint();
    if (tool) this.map.svg.focus({ preventScroll: true });
  }
  _hint() {
    const { tool } = this.app;
    this.hint.hidden = !tool;
    if (!tool) return;
    const names = [...this.picked].map((i) => this.atlas.place(i));
    fresh(
      this.hint,
      h("span", {}, tool !== "link" ? t("draw.zone", { count: this.picked.size }) : names.length ? t("draw.link_second", { name: names[0] }) : t("draw.link")),
      tool === "zone" && names.length > 0 && h("span", { class: "sub" }, listed(names.slice(0, 5))),
      tool === "zone" &&
        h(
          "button",
          { type: "button", class: "small-button strong", disabled: !this.picked.size, onclick: () => this._zone() },
          t("draw.done"),
        ),
      h("button", { type: "button", class: "small-button", onclick: () => this.cancel() }, t("words.cancel")),
    );
  }
  cancel() {
    if (this.app.tool) this.app.takeTool(null);
    else this.app.store.set({ place: "" });
  }

  draw(kind, places) {
    if (kind === "link") {
      this._link(places.map((i) => this.atlas.places[i].id));
      return;
    }
    if (kind === "link-first") {
      this.picked = new Set(places);
      this._hint();
      return;
    }
    for (const i of places)
      if (kind === "pick" && this.picked.has(i)) this.picked.delete(i);
      else this.picked.add(i);
    this.map.picks([...this.picked]);
    this._hint();
  }

  _link([from, to]) {
    this.app.takeTool(null);
    const form = new LeverForm(this.app, { kind: "link", done: (lever) => this.app.pull(lever) });
    form.fixed({ from, to });
  }
  _zone() {
    const places = [...this.picked].map((i) => this.atlas.places[i].id);
    this.app.takeTool(null);
    new LeverForm(this.app, { places, done: (lever) => this.app.pull(lever) });
  }
}
