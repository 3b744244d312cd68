/* What a scenario does, first: net yuan a year and the people's welfare side by side, and where the money came from. */

import { fresh, h } from "../dom.js";
import { amount, change, label, plain, scaled } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";

const BN = { en: "bn yuan a year", zh: "亿元/年", scale_en: 1, scale_zh: 10 };
export const bnUnit = (answer) => unitOf(answer?.totals?.unit) || BN;

const big = (title, value, unit, note, css = "") => {
  const text = change(scaled(value, unit, lang()));
  return h(
    "div",
    { class: `figure ${css}` },
    h("h3", {}, title),
    h("p", { class: "big" }, h("span", { class: "number" }, text), " ", text !== "–" && h("small", {}, label(unit, lang()))),
    note && h("p", { class: "sub" }, note),
  );
};

/** The parts of a zone's result with its sides as one and their hosts as one. */
function together(zone) {
  const sum = (group, name) => {
    const own = zone.filter((row) => row.group === group),
      value = own.reduce((total, row) => total + row.value_added, 0);
    return own.length > 1 ? [{ group, name, name_zh: name, value_added: value }] : own;
  };
  return [
    ...sum("zone", t("headline.part_zone")),
    ...sum("host", t("headline.part_host")),
    ...zone.filter((row) => row.group === "province"),
    ...zone
      .filter((row) => row.group === "elsewhere")
      .map((row) => ({ ...row, name: t("headline.part_elsewhere"), name_zh: t("headline.part_elsewhere") })),
  ];
}

/** Bars of the parts that add up to the net, gains to the right of the middle line. */
export function partsOf(answer) {
  const unit = bnUnit(answer),
    rows = together(answer.zone || []),
    largest = Math.max(...rows.map((row) => Math.abs(row.value_added || 0)), 1e-12);
  return rows.map((row) => {
    const share = (48 * Math.abs(row.value_added || 0)) / largest,
      up = row.value_added >= 0;
    const bar = h("i", { class: up ? "gain" : "loss", style: { width: `${share}%`, [up ? "left" : "right"]: "50%" } });
    return h(
      "li",
      { class: `part ${row.group}` },
      h("span", { class: "part-name" }, cap(say(named(row)))),
      h("span", { class: "part-bar", "aria-hidden": "true" }, bar),
      h("span", { class: "part-value" }, change(scaled(row.value_added, unit, lang()))),
    );
  });
}

export class Headline {
  constructor(app) {
    this.app = app;
    this.element = h("section", { class: "headline", "aria-label": t("headline.label") });
  }

  /** The baseline's own size, from the data. */
  baseline() {
    const { atlas } = this.app,
      value = atlas.variables.level.find((v) => v.id === "value_added");
    const sum = (values) => values.reduce((total, each, i) => (atlas.places[i].outside || each === null ? total : total + each), 0);
    const made = value && atlas.levels(value).length ? sum(atlas.levels(value)) : null,
      people = atlas.baseline?.places?.residents ? sum(atlas.baseline.places.residents) : null;
    const inside = atlas.places.filter((place) => !place.outside).length;
    fresh(
      this.element,
      h(
        "div",
        { class: "figures" },
        h(
          "div",
          { class: "figure" },
          h("h3", {}, t("headline.value_added")),
          h(
            "p",
            { class: "big" },
            h("span", { class: "number" }, made === null ? "–" : plain(scaled(made, value.unit, lang()))),
            " ",
            h("small", {}, value && label(value.unit, lang())),
          ),
        ),
        h(
          "div",
          { class: "figure" },
          h("h3", {}, t("headline.residents")),
          h(
            "p",
            { class: "big" },
            h("span", { class: "number" }, people === null ? "–" : plain(people / (lang() === "zh" ? 1e4 : 1e6))),
            " ",
            h("small", {}, t("headline.people_unit")),
          ),
        ),
        h(
          "div",
          { class: "figure" },
          h("h3", {}, t("headline.places")),
          h("p", { class: "big" }, h("span", { class: "number" }, String(inside))),
        ),
      ),
      h("p", { class: "headline-hint" }, t("headline.hint")),
    );
  }

  /** A scenario that is solved. */
  solved(answer, { passing = false } = {}) {
    const unit = bnUnit(answer),
      totals = answer.totals || {},
      zone = answer.zone || [],
      sides = zone.filter((row) => row.group === "zone");
    const lost = totals.relocated;
    fresh(
      this.element,
      h(
        "div",
        { class: "figures" },
        big(
          t("headline.net"),
          totals.net_gain,
          unit,
          lost ? t("headline.moved", { lost: amount(Math.abs(lost), unit, lang(), { named: false }) }) : t("headline.net_note"),
          "lead-figure",
        ),
        big(t("headline.welfare"), totals.welfare, unit, t("headline.welfare_note")),
        sides.length > 0 &&
          big(
            t("headline.zone"),
            sides.reduce((sum, row) => sum + row.value_added, 0),
            unit,
            t("headline.zone_note"),
          ),
      ),
      zone.length > 0 &&
        h("div", { class: "came-from" }, h("h3", {}, t("headline.came_from")), h("ul", { class: "parts" }, partsOf(answer))),
    );
    this.element.classList.toggle("passing", passing);
  }

  /** Nothing to show: no number stays. */
  none(text) {
    this.element.classList.remove("passing");
    fresh(this.element, h("p", { class: "no-numbers" }, text));
  }
}
