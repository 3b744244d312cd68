/* The first screen: levers, the map, and the needs beside it. */

import { calm, fresh, h, icon } from "../dom.js";
import * as api from "../api.js";
import { fits, scaleOf } from "../breaks.js";
import { lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { Camera } from "../map/camera.js";
import { RegionMap } from "../map/map.js";
import { amount } from "../numbers.js";
import { Badge, why } from "../panels/badge.js";
import { cellDialog } from "../panels/cell.js";
import { faultList } from "../panels/dialog.js";
import { Headline } from "../panels/headline.js";
import { legend } from "../panels/legend.js";
import { LeverForm } from "../panels/lever-form.js";
import { LeverPanel } from "../panels/levers.js";
import { finder, mapWords, overNoise, tipLines, twin, variablePicker, zoomButtons } from "../panels/map-tools.js";
import { NeedsPanel } from "../panels/needs.js";
import { PlacePanel } from "../panels/place.js";
import { hideTip, showTip } from "../panels/tip.js";
import { GainsPanel } from "../panels/gains.js";
import { optionsDialog } from "../panels/options.js";
import { downloads, provenance } from "../panels/provenance.js";

const SIDE = ["needs", "gains", "place"];
const FACTS = ["residents", "population", "gdp", "construction_land", "jobs"];

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.facts = new Map();
    this.prices = new Map();
    this.tableOpen = false;
    this.passing = false;
    this.painted = null;
    this.camera = new Camera(this.atlas.geo.view, this.atlas.geo.inset);
    this.camera.read(app.store.get("cam"));
    this.camera.watch(calm(() => app.store.set({ cam: this.camera.text() }), 300));
    this.badge = new Badge(app);
    this.headline = new Headline(app);
    this.needs = new NeedsPanel(app);
    this.place = new PlacePanel(app);
    this.gains = new GainsPanel(app);
    this.levers = new LeverPanel(app);
    this.map = new RegionMap(
      this.atlas.geo,
      this.camera,
      mapWords(this.atlas, () => this.mapTitle),
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
    this.title = h("div", { class: "scenario-title" });
    this.side = h("div", { class: "tabs side-tabs", role: "tablist", "aria-label": t("explore.side") });
    this.sideBody = h("div", { class: "side-body" });
    this.element = h(
      "div",
      { class: "explore-grid" },
      h("aside", { class: "left", "aria-label": t("lever.title") }, this.levers.element),
      h(
        "div",
        { class: "stage" },
        h("div", { class: "stage-head" }, this.title, this.badge.element),
        this.headline.element,
        h("div", { class: "map-card" }, this.tools, this.hint, h("div", { class: "map-space" }, this.map.element, this.table), this.legend),
      ),
      h("aside", { class: "right", "aria-label": t("explore.side") }, this.side, this.sideBody),
    );
    this.busySoon = calm(() => this.map.busy(true), 300);
    this.stop = app.listen((event) => this.heard(event));
    this.picked = new Set();
    this._tools();
    this._side();
    this._title();
    this.refresh();
  }

  remove() {
    this.stop();
    this.map.remove();
    this.badge.remove();
    this.app.tool = null;
    hideTip();
  }
  shown() {
    this.place.show(this.app.store.get("place"));
    this._choose();
  }

  // ---- what is shown

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
  get mapTitle() {
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

  _title() {
    const { app } = this,
      draft = app.store.get("draft");
    fresh(this.title, h("h1", {}, app.title), draft && app.from && h("span", { class: "tag" }, t("words.changed")));
  }

  /** Draw everything from what is known now. */
  refresh() {
    const { solver } = this.app;
    if (!this.atlas.baseline) {
      this._waiting();
      return;
    }
    if (this.app.answer) {
      this.solved(this.app.answer);
      if (solver.matrix) this.needs.show(this.app.active ? solver.matrix : null);
    } else if (solver.phase !== "checking") this.none(solver.phase, solver.reason || "");
    this.badge.show({
      phase: solver.answer ? (solver.certificate?.complete ? "certified" : "solved") : solver.phase,
      certificate: solver.certificate,
      reason: solver.reason,
    });
  }

  _waiting(state = "calibrating", progress = null) {
    this.badge.show({ phase: "waiting" });
    this.headline.none(t("explore.calibrating"));
    this._overlay(
      h("div", { class: "spin big", "aria-hidden": "true" }),
      h("p", {}, t(`top.state_${state}`)),
      progress !== null && typeof progress === "number" && h("progress", { max: 1, value: progress }),
    );
  }
  _overlay(...content) {
    this.overlay.hidden = content.length === 0;
    fresh(this.overlay, content);
  }

  // ---- events

  heard(event) {
    const { phase } = event;
    if (phase === "baseline") {
      this._overlay();
      this.needs.render();
      this._tools();
      this.levers.render();
      this.paint();
      return;
    }
    if (phase === "saved" || phase === "levers") {
      this.levers.render();
      if (phase === "levers") this.levers.showNewest();
      return;
    }
    if (phase === "tool") {
      this._tool();
      return;
    }
    if (phase === "cell") {
      hideTip();
      cellDialog(this.app, event.row, event.found);
      return;
    }
    if (phase === "flows") {
      this.map.flows(event.lines);
      this._near(event.lines);
      return;
    }
    if (phase === "matrix") {
      this.needs.busy(false);
      this.needs.show(this.app.active ? event.answer.matrix : null);
      return;
    }
    if (phase === "late") {
      this.needs.busy(false);
      this.needs.blank(event.reason);
      return;
    }
    if (phase === "waiting" && !this.atlas.baseline) {
      this._waiting(event.state, event.progress);
      return;
    }
    this.app.solver.reason = event.reason || "";
    this.badge.show({ phase, certificate: event.answer?.certificate, reason: event.reason });
    if (phase === "checking") this._checking(event);
    else if (phase === "solved") this.solved(event.answer);
    else if (["refused", "faults", "away", "waiting"].includes(phase)) this.none(phase, event.reason, event.faults, event.answer);
  }

  _checking(event) {
    this.passing = true;
    if (event.passing) {
      this.painting(event.answer);
      this.headline.solved(event.answer, { passing: true });
    } else this.busySoon();
    this.headline.element.classList.add("passing");
    this.needs.busy(true);
  }

  solved(answer) {
    this.passing = false;
    this.busySoon.cancel();
    this.map.busy(false);
    this._overlay();
    if (this.app.active) this.headline.solved(answer);
    else this.headline.baseline();
    this.headline.element.classList.remove("passing");
    this.painting(answer);
    if (!this.app.active) {
      this.needs.busy(false);
      this.needs.show(null);
    } else if (!answer.matrix) this.needs.busy(true);
    this.gains.show(answer);
    this.place.show(this.app.store.get("place"));
    this._foot(answer);
  }

  /** No numbers: nothing old may stand as if it were new. */
  none(phase, reason, faults = [], answer = null) {
    const told = (phase === "refused" && why(answer?.certificate, reason, this.atlas)) || reason || t(`badge.${phase}_means`);
    this.busySoon.cancel();
    this.map.busy(false);
    this.map.blank();
    this.painted = null;
    this.headline.none(t(`badge.${phase}_means`));
    this.needs.busy(false);
    this.needs.blank(told);
    this.gains.show(null);
    this.place.render();
    fresh(this.legend, h("p", { class: "sub" }, t("map.no_numbers")));
    this.table.hidden = true;
    this._overlay(
      icon("warn"),
      h("h2", {}, t(`badge.${phase}`)),
      faults?.length ? faultList(faults) : h("p", {}, told),
      phase === "away" && h("button", { type: "button", class: "button", onclick: () => this.app.askAgain() }, t("top.again")),
    );
    if (phase === "away")
      setTimeout(() => {
        if (this.app.solver.phase === "away") this.app.askAgain();
      }, 2500);
  }

  // ---- the map

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
      this._overlay(h("p", { class: "fault" }, error.message));
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

  _tools() {
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
            this._tools();
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

  _choose() {
    const i = this.atlas.index.get(this.app.store.get("place"));
    this.map.choose(i === undefined || !this.atlas.geo.paths[i] ? null : i);
    if (i !== undefined && this.atlas.geo.anchors[i]) this.camera.show(this.atlas.geo.anchors[i], 1);
  }

  /** Come near enough for the lines of a place to be told apart. */
  _near(lines) {
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

  _tool() {
    const { tool } = this.app;
    this.picked.clear();
    this.map.picks([]);
    this.map.hand.take(tool === "zone" ? "lasso" : tool);
    this.levers.render();
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
      h("span", {}, tool === "link" ? t("draw.link") : t("draw.zone", { count: this.picked.size })),
      names.length > 0 && h("span", { class: "sub" }, names.slice(0, 5).join(", ")),
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
    if (kind === "link-first") return;
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

  // ---- the right side

  get sideTab() {
    if (this.app.store.get("place")) return "place";
    return this.chosenSide || "needs";
  }
  _side() {
    const now = this.sideTab,
      tab = (name) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(name === now),
            tabindex: name === now ? 0 : -1,
            "data-side": name,
            onclick: () => {
              this.chosenSide = name === "place" ? null : name;
              if (name !== "place") this.app.store.set({ place: "" });
              this._side();
            },
          },
          t(`explore.${name}`),
        );
    const all = h("button", { type: "button", class: "small-button", onclick: () => optionsDialog(this.app) }, t("needs.all_options"));
    fresh(this.side, SIDE.filter((name) => name !== "place" || this.app.store.get("place")).map(tab), all);
    fresh(
      this.sideBody,
      { needs: this.needs, gains: this.gains, place: this.place }[now].element,
      (this.footer ||= h("footer", { class: "run-foot" })),
    );
  }
  _foot(answer) {
    this.footer ||= h("footer", { class: "run-foot" });
    fresh(this.footer, provenance(this.app, answer), downloads(this.app, answer));
  }

  update(moved) {
    if (moved.has("from")) {
      this.provisional = true;
      this.levers.render();
    }
    if (moved.has("draft")) {
      if (!this.app.store.get("draft")) this.provisional = true;
      this.levers.update();
    }
    if (moved.has("from") || moved.has("draft")) {
      this._title();
      if (moved.has("from") || this.wasActive !== this.app.active) {
        this._tools();
        this.needs.render();
      }
      this.wasActive = this.app.active;
    }
    if (moved.has("show")) {
      this._tools();
      this.paint();
    }
    if (moved.has("place")) {
      this._side();
      this._choose();
    }
    if (moved.has("place") || moved.has("tab")) this.place.show(this.app.store.get("place"));
    if (moved.has("cam") && this.camera.text() !== this.app.store.get("cam")) this.camera.read(this.app.store.get("cam"));
  }
}
