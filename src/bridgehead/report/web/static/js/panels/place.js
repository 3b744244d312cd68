/* One place: its facts with sources, its accounts, its flows on map and table, its change, and the chain that explains it. */

import { fresh, h, icon } from "../dom.js";
import * as api from "../api.js";
import { plain } from "../numbers.js";
import { t } from "../text.js";
import { accounts, changes, facts, flows } from "./place-parts.js";
import { chain } from "./why.js";

export const TABS = ["facts", "accounts", "flows", "change", "why"];
const FLOWS = ["commuting", "goods", "people"];
const TOP = 20;

export class PlacePanel {
  constructor(app) {
    this.app = app;
    this.id = null;
    this.flow = "commuting";
    this.stop = null;
    this.head = h("header", { class: "place-head" });
    this.tabs = h("div", { class: "tabs small", role: "tablist", "aria-label": t("place.tabs") });
    this.body = h("div", { class: "place-body", role: "tabpanel", tabindex: 0 });
    this.element = h("section", { class: "place-panel", "aria-label": t("place.title") }, this.head, this.tabs, this.body);
    this.tabs.addEventListener("keydown", (event) => this._keys(event));
  }

  get tab() {
    const tab = this.app.store.get("tab");
    return TABS.includes(tab) ? tab : "facts";
  }

  /** Show a place, or nothing. */
  show(id) {
    this.id = id && this.app.atlas.index.has(id) ? id : null;
    this.render();
  }

  render() {
    this.stop?.abort();
    this.app.flowLines([]);
    if (!this.id) {
      fresh(this.head);
      fresh(this.tabs);
      fresh(this.body, h("p", { class: "sub" }, t("place.choose")));
      return;
    }
    const { atlas } = this.app,
      i = atlas.index.get(this.id),
      place = atlas.places[i];
    fresh(
      this.head,
      h(
        "div",
        {},
        h("h2", {}, atlas.place(i)),
        h(
          "p",
          { class: "sub" },
          [atlas.province(i), place.outside ? t("place.outside") : `${plain(place.land_km2)} km²`, this.id].filter(Boolean).join(" · "),
          place.inferred && h("span", { class: "tag" }, t("words.inferred")),
        ),
      ),
      !place.outside &&
        h(
          "button",
          { type: "button", class: "small-button", id: "lever-here", onclick: () => this.app.addLever([this.id]) },
          icon("plus"),
          t("place.lever"),
        ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("place.close"), onclick: () => this.app.store.set({ place: "" }) },
        icon("close"),
      ),
    );
    fresh(
      this.tabs,
      TABS.map((tab) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(tab === this.tab),
            tabindex: tab === this.tab ? 0 : -1,
            "data-tab": tab,
            onclick: () => this.app.store.set({ tab }),
          },
          t(`place.tab_${tab}`),
        ),
      ),
    );
    this._fill();
  }

  _keys(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.app.store.set({ tab: TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length] });
    this.tabs.querySelector('[aria-selected="true"]')?.focus();
  }

  /** The key of the solve that is shown, or null where none has numbers. */
  get key() {
    return this.app.answer?.key || null;
  }

  async _fill() {
    const tab = this.tab,
      stop = new AbortController();
    this.stop = stop;
    if (tab !== "facts" && !this.key) {
      fresh(this.body, h("p", { class: "sub" }, t(this.app.solver.phase === "refused" ? "place.refused" : "place.waiting")));
      return;
    }
    try {
      const parts = await this[`_${tab}`](stop.signal);
      if (!stop.signal.aborted) {
        fresh(this.body, parts);
        this.body.scrollTop = 0;
      }
    } catch (error) {
      if (error.name !== "AbortError" && !stop.signal.aborted) fresh(this.body, h("p", { class: "fault" }, error.message));
    }
  }

  async _facts(signal) {
    const found = await api.facts(this.app.atlas.id, this.id, { signal });
    return facts(this.app.atlas, found.facts);
  }

  async _accounts(signal) {
    return accounts(await api.placeOf(this.key, this.id, { signal }), this.app.active);
  }

  async _change(signal) {
    const { atlas, answer, active } = this.app;
    const record = await api.placeOf(this.key, this.id, { signal });
    return changes(atlas, record, active && answer.changes, atlas.index.get(this.id));
  }

  async _flows(signal) {
    const found = await api.flowsOf(this.key, this.id, { flow: this.flow, top: TOP }, { signal });
    if (signal.aborted) return null;
    this._draw(found);
    const choose = (flow) => {
      this.flow = flow;
      this._fill();
    };
    const button = (flow) =>
      h("button", { type: "button", "aria-pressed": String(flow === this.flow), onclick: () => choose(flow) }, t(`place.flow_${flow}`));
    const picker = h("div", { class: "seg small", role: "group", "aria-label": t("place.flow") }, FLOWS.map(button));
    const open = (place) => this.app.store.set({ place });
    return [picker, ["in", "out"].map((side) => flows(this.app.atlas, found, side, { active: this.app.active, open }))];
  }

  /** Lines of the flows on the map, as they are with the scenario. */
  _draw(found) {
    const { atlas } = this.app;
    const here = atlas.index.get(this.id);
    const line = (side) => (row) => {
      const there = atlas.index.get(row.id);
      if (there === undefined || there === here) return [];
      return [{ from: side === "in" ? there : here, to: side === "in" ? here : there, size: row.value ?? row.baseline, kind: side }];
    };
    this.app.flowLines(["in", "out"].flatMap((side) => (found[side] || []).flatMap(line(side))));
  }

  async _why(signal) {
    if (!this.app.active) return h("p", { class: "sub" }, t("place.no_scenario"));
    const { steps } = await api.explain(this.key, this.id, { signal });
    return chain(this.app.atlas, steps);
  }
}
