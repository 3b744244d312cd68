/* The first screen: levers, the map, and the needs beside it. */

import { fresh, h, icon } from "../dom.js";
import { t } from "../text.js";
import { Badge, why } from "../panels/badge.js";
import { cellDialog } from "../panels/cell.js";
import { faultList } from "../panels/dialog.js";
import { GainsPanel } from "../panels/gains.js";
import { Headline } from "../panels/headline.js";
import { LeverPanel } from "../panels/levers.js";
import { NeedsPanel } from "../panels/needs.js";
import { optionsDialog } from "../panels/options.js";
import { PlacePanel } from "../panels/place.js";
import { downloads, provenance } from "../panels/provenance.js";
import { hideTip } from "../panels/tip.js";
import { ExploreMap } from "./explore-map.js";

const SIDE = ["needs", "gains", "place"];

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.badge = new Badge(app);
    this.headline = new Headline(app);
    this.needs = new NeedsPanel(app);
    this.place = new PlacePanel(app);
    this.gains = new GainsPanel(app);
    this.levers = new LeverPanel(app);
    this.map = new ExploreMap(app);
    this.title = h("div", { class: "scenario-title" });
    this.side = h("div", { class: "tabs side-tabs", role: "tablist", "aria-label": t("explore.side") });
    this.sideBody = h("div", { class: "side-body" });
    this.footer = h("footer", { class: "run-foot" });
    this.element = h(
      "div",
      { class: "explore-grid" },
      h("aside", { class: "left", "aria-label": t("lever.title") }, this.levers.element),
      h(
        "div",
        { class: "stage" },
        h("div", { class: "stage-head" }, this.title, this.badge.element),
        this.headline.element,
        this.map.element,
      ),
      h("aside", { class: "right", "aria-label": t("explore.side") }, this.side, this.sideBody),
    );
    this.wasActive = app.active;
    this.stop = app.listen((event) => this.heard(event));
    this._side();
    this._title();
    this.refresh();
  }

  remove() {
    this.stop();
    this.map.remove();
    this.badge.remove();
  }
  shown() {
    this.place.show(this.app.store.get("place"));
    this.map.choose();
  }

  _title() {
    const { app } = this;
    const edited = app.store.get("draft") && app.from;
    fresh(this.title, h("h1", {}, app.title), edited && h("span", { class: "tag" }, t("words.changed")));
  }

  /** Draw everything from what is known now. */
  refresh() {
    const { solver, answer } = this.app;
    if (!this.atlas.baseline) {
      this._waiting();
      return;
    }
    if (answer) {
      this.solved(answer);
      if (solver.matrix) this.needs.show(this.app.active ? solver.matrix : null);
    } else if (solver.phase !== "checking") this.none({ phase: solver.phase, reason: solver.reason || "" });
    const phase = answer ? (solver.certificate?.complete ? "certified" : "solved") : solver.phase;
    this.badge.show({ phase, certificate: solver.certificate, reason: solver.reason });
  }

  _waiting(state = "calibrating", progress = null) {
    this.badge.show({ phase: "waiting" });
    this.headline.none(t("explore.calibrating"));
    const bar = typeof progress === "number" && h("progress", { max: 1, value: progress });
    this.map.tell(h("div", { class: "spin big", "aria-hidden": "true" }), h("p", {}, t(`top.state_${state}`)), bar);
  }

  // ---- events

  /** What is heard of the solver, the library and the map, each with its own answer. */
  heard(event) {
    const own = this[`on_${event.phase}`];
    if (own) own.call(this, event);
    else this._phase(event);
  }
  on_baseline() {
    this.map.tell();
    this.needs.render();
    this.map.retool();
    this.levers.render();
    this.map.paint();
  }
  on_saved() {
    this.levers.render();
  }
  on_levers() {
    this.levers.render();
    this.levers.showNewest();
  }
  on_tool() {
    this.levers.render();
    this.map.taken();
  }
  on_cell({ row, found }) {
    hideTip();
    cellDialog(this.app, row, found);
  }
  on_flows({ lines }) {
    this.map.flows(lines);
  }
  on_matrix({ answer }) {
    this.needs.busy(false);
    this.needs.show(this.app.active ? answer.matrix : null);
  }
  on_late({ reason }) {
    this.needs.busy(false);
    this.needs.blank(reason);
  }

  _phase(event) {
    const { phase, answer, reason } = event;
    if (phase === "waiting" && !this.atlas.baseline) {
      this._waiting(event.state, event.progress);
      return;
    }
    this.app.solver.reason = reason || "";
    this.badge.show({ phase, certificate: answer?.certificate, reason });
    if (phase === "checking") this.checking(event);
    else if (phase === "solved") this.solved(answer);
    else if (["refused", "faults", "away", "waiting"].includes(phase)) this.none(event);
  }

  checking({ passing, answer }) {
    if (passing) this.headline.solved(answer, { passing: true });
    this.map.checking(passing ? answer : null);
    this.headline.element.classList.add("passing");
    this.needs.busy(true);
  }

  solved(answer) {
    if (this.app.active) this.headline.solved(answer);
    else this.headline.baseline();
    this.headline.element.classList.remove("passing");
    this.map.solved(answer);
    if (!this.app.active) {
      this.needs.busy(false);
      this.needs.show(null);
    } else if (!answer.matrix) this.needs.busy(true);
    this.gains.show(answer);
    this.levers.found(answer);
    this.place.show(this.app.store.get("place"));
    fresh(this.footer, provenance(this.app, answer), downloads(this.app, answer));
  }

  /** No numbers: nothing old may stand as if it were new. */
  none({ phase, reason, faults = [], answer = null }) {
    const told = (phase === "refused" && why(answer?.certificate, reason, this.atlas)) || reason || t(`badge.${phase}_means`);
    const retry = () => this.app.askAgain();
    this.headline.none(t(`badge.${phase}_means`));
    this.needs.busy(false);
    this.needs.blank(told);
    this.gains.show(null);
    this.place.render();
    fresh(this.footer);
    this.map.none(
      icon("warn"),
      h("h2", {}, t(`badge.${phase}`)),
      faults?.length ? faultList(faults) : h("p", {}, told),
      phase === "away" && h("button", { type: "button", class: "button", onclick: retry }, t("top.again")),
    );
    if (phase === "away") setTimeout(() => this.app.solver.phase === "away" && retry(), 2500);
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
    fresh(this.sideBody, { needs: this.needs, gains: this.gains, place: this.place }[now].element, this.footer);
  }
  update(moved) {
    const { store, active } = this.app;
    const scenario = moved.has("from") || moved.has("draft");
    if (moved.has("from")) this.levers.render();
    else if (moved.has("draft")) this.levers.update();
    if (moved.has("from") || (moved.has("draft") && !store.get("draft"))) this.map.provisional = true;
    if (scenario) this._title();
    if (moved.has("from") || (scenario && this.wasActive !== active)) {
      this.map.retool();
      this.needs.render();
    }
    this.wasActive = active;
    if (moved.has("show")) this.map.retool();
    if (moved.has("show")) this.map.paint();
    if (moved.has("place")) this._side();
    if (moved.has("place")) this.map.choose();
    if (moved.has("place") || moved.has("tab")) this.place.show(store.get("place"));
    if (moved.has("cam")) this.map.look(store.get("cam"));
  }
}
