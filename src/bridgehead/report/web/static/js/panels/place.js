/* One place: its facts with sources, its accounts, its flows on map and table, its change, and the chain that explains it. */

import { fresh, h, icon } from "../dom.js";
import * as api from "../api.js";
import { amount, change, label, plain, scaled, whole } from "../numbers.js";
import { cap, has, lang, pairOf, say, t, zh } from "../text.js";
import { named, unitOf } from "../atlas.js";

export const TABS = ["facts", "accounts", "flows", "change", "why"];
const FLOWS = ["commuting", "goods", "people"];
const TOP = 20;
const percent = (before, after) => (before ? 100 * (after / before - 1) : null);
const inPercent = (value) => (value === null ? "–" : Math.abs(value) < 5e-7 ? "0 %" : `${change(value)} %`);

/** A source in words; an address is text here, for no request leaves this machine. */
const sourceText = (fact) => [fact.source || t("place.no_source"), fact.note].filter(Boolean).join("; ");

/** Steps as a list; many alike, such as one an origin, are folded behind the first. */
function alike(steps, one) {
  const groups = [];
  for (const step of steps) {
    const stem = step.name.split(",")[0],
      group = groups.find(
        (each) => each.stem === stem && Math.abs(each.first.before - step.before) < 1e-9 && Math.abs(each.first.after - step.after) < 1e-9,
      );
    if (group) group.more.push(step);
    else groups.push({ stem, first: step, more: [] });
  }
  const fold = ({ first, more }) =>
    more.length > 1
      ? [
          one(first),
          h(
            "li",
            {},
            h("details", {}, h("summary", { class: "sub" }, t("place.alike", { count: more.length })), h("ul", {}, more.map(one))),
          ),
        ]
      : [first, ...more].map(one);
  return h("ul", {}, groups.map(fold));
}

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
    const { facts } = await api.facts(this.app.atlas.id, this.id, { signal });
    if (!facts.length) return h("p", { class: "sub" }, t("place.no_facts"));
    const row = (fact) => {
      const unit = unitOf(fact.unit),
        sector = fact.sector && say(named(this.app.atlas.region.sectors.find((s) => s.id === fact.sector)), fact.sector);
      return h(
        "tr",
        { class: fact.status === "inferred" ? "guess" : "" },
        h(
          "th",
          { scope: "row" },
          say(named({ id: fact.variable, ...fact }), fact.variable.replace(/_/g, " ")),
          sector && h("small", {}, ` ${sector}`),
        ),
        h("td", { class: "num" }, amount(fact.value, unit, lang())),
        h("td", { class: "num" }, String(fact.year ?? "")),
        h(
          "td",
          { class: "source" },
          h("span", { class: fact.status === "inferred" ? "tag" : "tag seen" }, t(`words.${fact.status}`)),
          " ",
          sourceText(fact),
        ),
      );
    };
    return h(
      "table",
      { class: "plain-table facts" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, t("place.fact")),
          h("th", { scope: "col", class: "num" }, t("place.value")),
          h("th", { scope: "col", class: "num" }, t("place.year")),
          h("th", { scope: "col" }, t("place.source")),
        ),
      ),
      h("tbody", {}, facts.map(row)),
    );
  }

  async _record(signal) {
    return api.placeOf(this.key, this.id, { signal });
  }

  /** Rows of before and after; a level alone where nothing is changed. */
  _table(rows, css = "") {
    const active = this.app.active,
      heads = ["", t("words.baseline"), ...(active ? [t("words.scenario"), t("words.change")] : [])];
    const line = (row) => {
      const unit = unitOf(row.unit);
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, say(named(row)), unit && label(unit, lang()) && h("small", {}, ` ${label(unit, lang())}`)),
        h("td", { class: "num" }, plain(scaled(row.baseline, unit, lang()))),
        active && h("td", { class: "num" }, plain(scaled(row.value, unit, lang()))),
        active &&
          h(
            "td",
            { class: "num" },
            typeof row.change_percent === "number" ? inPercent(row.change_percent) : change(scaled(row.change, unit, lang())),
          ),
      );
    };
    return h(
      "table",
      { class: `plain-table ${css}` },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((text, i) => h("th", { scope: "col", class: i ? "num" : "" }, text)),
        ),
      ),
      h("tbody", {}, rows.map(line)),
    );
  }

  async _accounts(signal) {
    const record = await this._record(signal),
      sectors = (record.sectors || []).map((row) => ({
        ...row.numbers.find((number) => number.id === "output"),
        name: row.name,
        name_zh: row.name_zh,
      }));
    return [
      h("p", { class: "sub" }, t("place.accounts_note")),
      this._table(record.accounts),
      sectors.length > 0 && [h("h3", {}, t("place.output")), this._table(sectors)],
      record.inferred && h("p", { class: "sub" }, t("place.rests_on")),
    ];
  }

  async _change(signal) {
    const record = await this._record(signal),
      { atlas, answer } = this.app,
      i = atlas.index.get(this.id);
    const rows = atlas.variables.change
      .filter((v) => answer.changes?.[v.id])
      .map((v) => {
        const value = answer.changes[v.id][i];
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, say(named(v))),
          h("td", { class: "num" }, amount(value, v.unit, lang(), { signed: true })),
        );
      });
    return [
      this.app.active ? h("table", { class: "plain-table" }, h("tbody", {}, rows)) : h("p", { class: "sub" }, t("place.no_scenario")),
      h("h3", {}, t("place.state")),
      this._table(record.state),
    ];
  }

  async _flows(signal) {
    const found = await api.flowsOf(this.key, this.id, { flow: this.flow, top: TOP }, { signal }),
      unit = unitOf(found.unit),
      { atlas } = this.app;
    const picker = h(
      "div",
      { class: "seg small", role: "group", "aria-label": t("place.flow") },
      FLOWS.map((flow) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(flow === this.flow),
            onclick: () => {
              this.flow = flow;
              this._fill();
            },
          },
          t(`place.flow_${flow}`),
        ),
      ),
    );
    if (signal.aborted) return null;
    this._draw(found);
    const many = (value) => (this.flow === "goods" ? plain(scaled(value, unit, lang())) : whole(value));
    const table = (side) => {
      const rows = found[side] || [],
        total = found[`${side}_total`];
      if (!rows.length) return null;
      const line = (row, css = "") =>
        h(
          "tr",
          { class: css },
          h(
            "th",
            { scope: "row" },
            atlas.index.has(row.id) && this.flow !== "people"
              ? h("button", { type: "button", class: "link-button", onclick: () => this.app.store.set({ place: row.id }) }, say(named(row)))
              : say(named(row)),
          ),
          h("td", { class: "num" }, many(row.baseline)),
          this.app.active && h("td", { class: "num" }, many(row.value)),
          this.app.active && h("td", { class: "num" }, inPercent(percent(row.baseline, row.value))),
        );
      return [
        h("h3", { class: `flow-title ${side}` }, t(`place.${this.flow}_${side}`), h("small", {}, ` ${label(unit, lang())}`)),
        h(
          "table",
          { class: "plain-table" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, t("words.place")),
              h("th", { scope: "col", class: "num" }, t("words.baseline")),
              this.app.active && h("th", { scope: "col", class: "num" }, t("words.scenario")),
              this.app.active && h("th", { scope: "col", class: "num" }, t("words.change")),
            ),
          ),
          h(
            "tbody",
            {},
            rows.map((row) => line(row)),
            total && line({ ...total, name: t("place.total"), name_zh: t("place.total") }, "total"),
          ),
        ),
      ];
    };
    return [picker, table("in"), table("out")];
  }

  _draw(found) {
    const { atlas } = this.app,
      here = atlas.index.get(this.id),
      lines = [];
    for (const side of ["in", "out"])
      for (const row of found[side] || []) {
        const there = atlas.index.get(row.id);
        if (there === undefined || there === here) continue;
        lines.push({ from: side === "in" ? there : here, to: side === "in" ? here : there, size: row.value ?? row.baseline, kind: side });
      }
    this.app.flowLines(lines);
  }

  async _why(signal) {
    if (!this.app.active) return h("p", { class: "sub" }, t("place.no_scenario"));
    const { steps } = await api.explain(this.key, this.id, { signal }),
      stages = [];
    for (const step of steps) {
      if (!stages.length || stages[stages.length - 1].stage !== step.stage) stages.push({ stage: step.stage, steps: [] });
      stages[stages.length - 1].steps.push(step);
    }
    const value = (number, unit) => `${plain(number)}${unit && unit !== "1" && !unit.startsWith("baseline") ? ` ${unit}` : ""}`;
    const { atlas } = this.app,
      ids = /(\w+) ← (\w+)/,
      last = /([,，]\s*)(\w+)$/;
    const told = (text) =>
      cap(
        ids.test(text)
          ? text.replace(ids, (_, one, two) => `${atlas.jurisdiction(one)} ← ${atlas.jurisdiction(two)}`)
          : text.replace(last, (_, comma, id) => `${comma}${atlas.originOrSector(id)}`),
      );
    const one = (step) =>
      h(
        "li",
        {},
        h(
          "div",
          { class: "why-line" },
          h("span", {}, told(say(named(step)))),
          h("span", { class: "num" }, `${value(step.before, "")} → ${value(step.after, step.unit)}`),
          h("b", { class: "num" }, step.change_percent === null || step.change_percent === undefined ? "" : inPercent(step.change_percent)),
        ),
        h("p", { class: "equation" }, h("code", {}, step.equation), " ", h("small", {}, step.source)),
      );
    return h(
      "ol",
      { class: "chain" },
      stages.map(({ stage, steps: own }) => h("li", {}, h("h3", {}, has(`stage.${stage}`) ? t(`stage.${stage}`) : stage), alike(own, one))),
    );
  }
}
