/* A card of levers that move together: a slider for all, each one with its own, their range, source, governments and dates. */

import { fresh, h, icon } from "../dom.js";
import { caveat, kindName, leverName, sourceText, strengthShape, strengthText, trimmed, whereName } from "../lever-words.js";
import { strengthOf } from "../draft.js";
import { lang, listed, t } from "../text.js";
import { slider } from "./slider.js";

const DATES = ["starts", "ends", "phase_in"];

export class LeverCard {
  constructor(panel, group) {
    this.panel = panel;
    this.group = group;
    this.atlas = panel.atlas;
    this.own = [];
    this.element = this._build();
  }

  get indices() {
    return this.group.members.map((member) => member.index);
  }

  _build() {
    const { members } = this.group,
      first = members[0].lever,
      many = members.length > 1;
    const shape = strengthShape(this.atlas, first),
      values = members.map(({ lever }) => strengthOf(lever)[1]);
    const upper = [...new Set(members.map(({ lever }) => caveat(this.atlas, lever)).filter(Boolean))];
    const drop = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("lever.drop", { name: many ? kindName(this.atlas, first) : leverName(this.atlas, first) }),
        onclick: () => this.panel.drop(this.indices),
      },
      icon("close"),
    );
    const head = h(
      "div",
      { class: "card-head" },
      h(
        "h4",
        {},
        many ? kindName(this.atlas, first) : first.name || kindName(this.atlas, first),
        many && h("span", { class: "count" }, ` × ${members.length}`),
      ),
      drop,
    );
    const where = !many && h("p", { class: "where" }, whereName(this.atlas, first));
    this.master = shape.key
      ? slider({
          shape,
          name: many ? kindName(this.atlas, first) : leverName(this.atlas, first),
          value: values[0],
          low: first.low,
          high: first.high,
          moved: (value) => this.panel.setGroup(this.indices, value),
        })
      : null;
    const mixed = many && new Set(values).size > 1;
    this.foundNote = h("p", { class: "sub", hidden: true });
    this.mixedNote = h("p", { class: "sub", hidden: !mixed }, t("lever.mixed"));
    const inner = members.map((member) => this._member(member, shape, many));
    const body = h("details", { class: "card-more" }, h("summary", {}, many ? t("lever.each") : t("lever.about")), inner);
    return h(
      "article",
      { class: "card" },
      head,
      where,
      this.master?.element,
      this.mixedNote,
      this.foundNote,
      upper.map((text) => h("p", { class: "caveat" }, icon("warn"), text)),
      !many && this._range(first, shape),
      body,
    );
  }

  _range(lever, shape) {
    const range =
      lever.low !== undefined || lever.high !== undefined
        ? t("lever.range", {
            low: strengthText(shape, lever.low ?? shape.min, lang()),
            high: strengthText(shape, lever.high ?? shape.max, lang()),
          })
        : t("lever.no_range");
    return h("p", { class: "sub range-note" }, range, " · ", t("lever.source", { source: sourceText(lever.source) }));
  }

  _member({ index, lever }, shape, many) {
    const control =
      many && shape.key
        ? slider({
            shape,
            name: leverName(this.atlas, lever),
            value: strengthOf(lever)[1],
            low: lever.low,
            high: lever.high,
            moved: (value) => this.panel.setGroup([index], value),
          })
        : null;
    if (control) this.own.push({ index, control });
    const by = this._by(index);
    const date = (key) =>
      h(
        "label",
        { class: "field narrow" },
        h("span", {}, t(`lever.${key}`)),
        h("input", {
          type: "text",
          inputmode: "numeric",
          value: lever[key] ?? "",
          placeholder: t("lever.no_date"),
          onchange: (event) => this._date(index, key, event.target),
        }),
      );
    return h(
      "div",
      { class: "member" },
      many && h("p", { class: "where" }, lever.name || whereName(this.atlas, lever)),
      control?.element,
      many && this._range(lever, shape),
      by && h("p", { class: "sub" }, t("lever.by", { names: by })),
      h("div", { class: "row" }, DATES.map(date)),
    );
  }

  /** The governments whose consent it needs: its own list, or what the server found for the scenario it comes from. */
  _by(index) {
    const lever = this.panel.levers[index],
      from = this.panel.app.store.get("from") || "";
    const preset = from.startsWith("preset:") && this.atlas.preset(from.slice(7)),
      ids = lever?.by || preset?.controls?.find((control) => control.lever === index)?.by;
    return ids && listed((Array.isArray(ids) ? ids : [ids]).map((id) => this.atlas.government(id)));
  }

  _date(index, key, input) {
    const text = input.value.trim(),
      number = Number(text),
      wrong = text !== "" && !(Number.isFinite(number) || /^\d{4}-\d\d-\d\d$/.test(text));
    input.classList.toggle("wrong", wrong);
    if (!wrong) this.panel.setLever(index, { [key]: text === "" ? undefined : Number.isFinite(number) ? number : text });
  }

  /** Values from elsewhere, such as the other end of a group. */
  update(levers) {
    const values = this.group.members.map(({ index }) => strengthOf(levers[index] || {})[1]);
    this.master?.set(values[0]);
    this.mixedNote.hidden = new Set(values).size < 2;
    for (const { index, control } of this.own) control.set(strengthOf(levers[index] || {})[1]);
  }

  /** Multipliers that a solve found for this card's levers; it counts levers from 1 in the scenario's order. */
  found(list) {
    const rows = list.filter((one) => this.indices.includes(one.lever - 1)).flatMap((one) => Object.entries(one.multiplier || {}));
    const text = ([place, factor]) => t("lever.found", { value: trimmed(factor, 4), place: this.atlas.placeOf(place) });
    this.foundNote.hidden = !rows.length;
    fresh(
      this.foundNote,
      rows.slice(0, 4).map((row) => h("span", { class: "block" }, text(row))),
    );
  }
}
