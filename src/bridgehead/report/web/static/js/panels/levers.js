/* The levers of the scenario: where it starts from, the border by channel and pair, and every other lever as a control. */

import { fresh, h, icon } from "../dom.js";
import { borderLevers, copy, grouped, placeLevers, sameTarget, setStrength, strengthOf, usualRange, widened } from "../draft.js";
import { kindName, leverName, sourceText, strengthShape, strengthText, whereName } from "../lever-words.js";
import { lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { slider } from "./slider.js";
import { LeverCard } from "./lever-card.js";

export class LeverPanel {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.pair = null;
    this.sliders = [];
    this.shape = "";
    this.start = h("div", { class: "lever-start" });
    this.border = h("div", { class: "lever-block" });
    this.places = h("div", { class: "lever-block" });
    this.list = h("div", { class: "lever-block" });
    this.add = h("div", { class: "lever-block" });
    this.dates = h("div", { class: "lever-block" });
    this.element = h(
      "section",
      { class: "lever-panel", "aria-label": t("lever.title") },
      this.start,
      this.list,
      this.border,
      this.places,
      this.add,
      this.dates,
    );
    const hosts = this.atlas.sides.slice(0, 2);
    if (hosts.length === 2) this.pair = hosts.map((side) => side.id);
    this.render();
  }

  get levers() {
    return this.app.scenario.lever;
  }

  /** Put changed levers in force. */
  change(levers, { rebuild = false } = {}) {
    this.app.edit({ ...copy(this.app.scenario), lever: levers });
    if (rebuild) this.render();
  }

  /** Draw what the scenario holds; controls that the hand is on are left alone. */
  update() {
    const shape = this._shape();
    if (shape !== this.shape) {
      this.render();
      return;
    }
    for (const { template, control } of this.sliders) control.set(this._value(template));
    for (const card of this.cards) card.update(this.levers);
    this._start();
  }

  /** What the panel is made of, whatever the strengths: while this stays, controls are moved and never made anew under the hand. */
  _shape() {
    const { border, places } = this._ready(),
      others = this.levers.filter((lever) => ![...border, ...places].some((template) => sameTarget(lever, template)));
    const bare = others.map((lever) => {
      const { [strengthOf(lever)[0]]: _, low: _low, high: _high, ...rest } = lever;
      return rest;
    });
    return JSON.stringify([this.app.store.get("from"), this.pair, bare, this.app.saved.map((entry) => [entry.id, entry.name])]);
  }

  _value(template) {
    const found = this.levers.find((lever) => sameTarget(lever, template));
    return found ? strengthOf(found)[1] : strengthOf(template)[1];
  }

  render() {
    this.shape = this._shape();
    this.sliders = [];
    this._start();
    const ready = this._ready();
    this._border(ready.border);
    this._places(ready.places);
    this._list([...ready.border, ...ready.places]);
    this._add();
    this._dates();
  }

  _ready() {
    const sides = this.atlas.sides,
      [one, two] = (this.pair || []).map((id) => sides.find((side) => side.id === id));
    return { border: borderLevers(this.atlas, one, two), places: placeLevers(this.atlas) };
  }

  _start() {
    const { app, atlas } = this,
      from = app.store.get("from"),
      edited = Boolean(app.store.get("draft"));
    const groups = new Map();
    for (const preset of atlas.levers.presets) {
      const group = preset.kind === "strategy" ? `gov:${preset.government}` : "zones";
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push([`preset:${preset.id}`, say(named(preset))]);
    }
    const title = (group) =>
      group === "zones" ? t("lever.zones") : t("lever.strategies_of", { government: atlas.government(group.slice(4)) });
    const option = ([value, text]) => h("option", { value, selected: value === from }, text);
    const select = h(
      "select",
      { id: "start-from", "aria-label": t("lever.from"), onchange: (event) => app.start(event.target.value) },
      option(["", t("words.baseline")]),
      [...groups].map(([group, members]) => h("optgroup", { label: title(group) }, members.map(option))),
      app.saved.length > 0 &&
        h(
          "optgroup",
          { label: t("lever.saved") },
          app.saved.map((entry) => option([`saved:${entry.id}`, entry.name])),
        ),
    );
    const active = app.active;
    const buttons = h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "button", class: "small-button", id: "reset", disabled: !active, onclick: () => app.start("") },
        icon("reset"),
        t("lever.reset"),
      ),
      edited && from && h("button", { type: "button", class: "small-button", onclick: () => app.start(from) }, t("lever.undo")),
      h(
        "button",
        { type: "button", class: "small-button strong", id: "save", disabled: !active, onclick: () => app.save() },
        t("lever.save"),
      ),
    );
    const about = this._about();
    const focus = document.activeElement?.id;
    fresh(
      this.start,
      h("label", { class: "field" }, h("span", {}, t("lever.from")), select),
      edited && from && h("p", { class: "edited" }, t("lever.edited")),
      about && h("p", { class: "sub" }, about),
      buttons,
    );
    if (["start-from", "reset", "save"].includes(focus)) document.getElementById(focus)?.focus();
  }

  _about() {
    const from = this.app.store.get("from") || "";
    if (from.startsWith("preset:")) {
      const preset = this.atlas.preset(from.slice(7));
      return preset && say({ en: preset.describe, zh: preset.describe_zh });
    }
    return say({ en: this.app.scenario.describe, zh: this.app.scenario.describe_zh });
  }

  _heading(text, note) {
    return h("div", { class: "block-head" }, h("h3", {}, text), note && h("p", { class: "sub" }, note));
  }

  _control(template, name, note = true) {
    const shape = strengthShape(this.atlas, template),
      value = this._value(template),
      found = this.levers.find((lever) => sameTarget(lever, template)),
      usual = usualRange(this.atlas, template);
    const control = slider({
      shape,
      name: leverName(this.atlas, template),
      value,
      low: found ? found.low : usual?.low,
      high: found ? found.high : usual?.high,
      moved: (next) => this.change(setStrength(this.levers, template, next, shape.neutral)),
    });
    this.sliders.push({ template, control });
    return h(
      "div",
      { class: "control", "data-lever": template.lever, "data-flow": template.flow || "" },
      h("span", { class: "control-name" }, name),
      control.element,
      usual && note && h("p", { class: "sub range-note" }, this._usual(template, usual)),
    );
  }

  /** Ready controls; a range and source that all of them share is said once, below them. */
  _controls(templates, name) {
    const usual = templates.map((template) => [template, usualRange(this.atlas, template)]);
    const texts = new Set(usual.map(([template, range]) => range && this._usual(template, range)));
    const once = templates.length > 1 && texts.size === 1 && !texts.has(null);
    const controls = templates.map((template) => this._control(template, name(template), !once));
    return [controls, once && h("p", { class: "sub range-note" }, [...texts])];
  }

  /** The range that the region's own strategies give a lever of this kind, with its source. */
  _usual(template, { low, high, source }) {
    const shape = strengthShape(this.atlas, template);
    const range = t("lever.usual", { low: strengthText(shape, low, lang()), high: strengthText(shape, high, lang()) });
    return `${range} · ${t("lever.source", { source: sourceText(source) })}`;
  }

  _border(templates) {
    if (!templates.length) {
      fresh(this.border);
      return;
    }
    const sides = this.atlas.sides,
      option = (side, chosen) => h("option", { value: side.id, selected: side.id === chosen }, this.atlas.jurisdiction(side.id));
    const pick = (at) =>
      h(
        "select",
        {
          "aria-label": t(at ? "lever.side_two" : "lever.side_one"),
          onchange: (event) => {
            const other = this.pair[1 - at];
            this.pair[at] = event.target.value;
            if (other === event.target.value) this.pair[1 - at] = sides.find((side) => side.id !== event.target.value).id;
            this.render();
          },
        },
        sides.map((side) => option(side, this.pair[at])),
      );
    fresh(
      this.border,
      this._heading(t("lever.border"), t("lever.border_note")),
      h("div", { class: "pair" }, pick(0), h("span", { "aria-hidden": "true" }, "↔"), pick(1)),
      this._controls(templates, (template) => kindShort(this.atlas, template)),
    );
  }

  _places(templates) {
    if (!templates.length) {
      fresh(this.places);
      return;
    }
    fresh(
      this.places,
      this._heading(t("lever.places")),
      this._controls(templates, (template) => `${kindName(this.atlas, template)} · ${whereName(this.atlas, template)}`),
    );
  }

  /** The levers that the ready controls do not show, in groups that move together. */
  _list(ready) {
    const others = this.levers
      .map((lever, index) => ({ lever, index }))
      .filter(({ lever }) => !ready.some((template) => sameTarget(lever, template)));
    const groups = grouped(others.map(({ lever }) => lever));
    for (const group of groups) for (const member of group.members) member.index = others[member.index].index;
    this.cards = groups.map((group) => new LeverCard(this, group));
    fresh(
      this.list,
      this.cards.length > 0 && this._heading(t("lever.of_scenario", { count: others.length })),
      this.cards.map((card) => card.element),
    );
  }

  /** What a solve had to find for levers that say an effect and not a factor. */
  found(answer) {
    for (const card of this.cards) card.found(answer.levers_found || []);
  }

  /** Bring the lever that was added last into sight. */
  showNewest() {
    const at = this.levers.length - 1,
      card = this.cards.find(({ indices }) => indices.includes(at));
    card?.element.scrollIntoView({ block: "nearest" });
    card?.element.classList.add("new");
  }

  _add() {
    const { app } = this,
      tool = app.tool;
    const button = (name, text, run, on = false) =>
      h("button", { type: "button", class: "small-button", "aria-pressed": on ? "true" : null, onclick: run }, icon(name), text);
    const linkable = this.atlas.kind("link")?.available;
    fresh(
      this.add,
      this._heading(t("lever.more")),
      h(
        "div",
        { class: "row wrap" },
        linkable && button("link", t("lever.draw_link"), () => app.takeTool(tool === "link" ? null : "link"), tool === "link"),
        button("lasso", t("lever.draw_zone"), () => app.takeTool(tool === "zone" ? null : "zone"), tool === "zone"),
        button("plus", t("lever.any"), () => app.addLever()),
      ),
    );
  }

  _dates() {
    const { scenario } = this.app,
      year = (key, text, step = 1) =>
        h(
          "label",
          { class: "field narrow" },
          h("span", {}, text),
          h("input", {
            type: "text",
            inputmode: "numeric",
            value: scenario[key] ?? "",
            placeholder: t("lever.no_date"),
            onchange: (event) => this._date(key, event.target, step),
          }),
        );
    fresh(
      this.dates,
      h(
        "details",
        { open: ["from", "until", "phase_in"].some((key) => scenario[key] !== undefined) },
        h("summary", {}, t("lever.dates")),
        h("p", { class: "sub" }, t("lever.dates_note")),
        h(
          "div",
          { class: "row" },
          year("from", t("lever.starts")),
          year("until", t("lever.ends")),
          year("phase_in", t("lever.phase_in"), 0.5),
        ),
      ),
    );
  }

  _date(key, input) {
    const text = input.value.trim(),
      made = copy(this.app.scenario),
      number = Number(text);
    input.classList.toggle("wrong", text !== "" && !(Number.isFinite(number) || /^\d{4}-\d\d-\d\d$/.test(text)));
    if (text === "") delete made[key];
    else made[key] = Number.isFinite(number) ? number : text;
    if (!input.classList.contains("wrong")) this.app.edit(made);
  }

  /** Set every member of a group to a value. */
  setGroup(indices, value) {
    const key = (lever) => strengthOf(lever)[0];
    this.change(this.levers.map((lever, i) => (indices.includes(i) ? widened({ ...lever, [key(lever)]: value }) : lever)));
  }
  setLever(index, changes) {
    this.change(
      this.levers.map((lever, i) => (i === index ? { ...lever, ...changes } : lever)),
      { rebuild: true },
    );
  }
  drop(indices) {
    this.change(
      this.levers.filter((_, i) => !indices.includes(i)),
      { rebuild: true },
    );
  }
}

const kindShort = (atlas, lever) => {
  const flow = atlas
    .kind("passage")
    .fields.find((field) => field.key === "flow")
    .choices.find((choice) => choice.id === lever.flow);
  return say(named(flow), lever.flow);
};
