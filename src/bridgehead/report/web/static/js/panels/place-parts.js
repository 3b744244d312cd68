/* What a place's panel shows: facts with their sources, accounts, changes, and flows. */

import { h } from "../dom.js";
import { amount, change, label, plain, scaled, whole } from "../numbers.js";
import { lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { table } from "./table.js";

/** A change in per cent; what is nothing beside the solver's error is 0. */
export const inPercent = (value) => (typeof value !== "number" ? "–" : Math.abs(value) < 5e-7 ? "0 %" : `${change(value)} %`);

const unitName = (unit) => unit && label(unit, lang()) && h("small", {}, ` ${label(unit, lang())}`);

/** Facts, each with year, source, and whether it was observed. An address is text here: no request leaves this machine. */
export function facts(atlas, list) {
  if (!list.length) return h("p", { class: "sub" }, t("place.no_facts"));
  const row = (fact) => {
    const sector = fact.sector && say(named(atlas.region.sectors.find((each) => each.id === fact.sector)), fact.sector);
    const source = [fact.source || t("place.no_source"), fact.note].filter(Boolean).join("; ");
    const inferred = fact.status === "inferred";
    const tag = h("span", { class: inferred ? "tag" : "tag seen" }, t(inferred ? "words.inferred_short" : "words.observed"));
    const name = [say(named({ id: fact.variable, ...fact })), sector && h("small", {}, ` ${sector}`)];
    const shown = amount(fact.value, unitOf(fact.unit), lang());
    return [
      { css: inferred ? "fact guess" : "fact", cells: [name, shown, String(fact.year ?? "")] },
      { css: "fact-source", cells: [h("td", { colspan: 3, class: "source" }, tag, " ", source)] },
    ];
  };
  return table([`${t("place.fact")} · ${t("place.source")}`, t("place.value"), t("place.year")], list.flatMap(row), { css: "facts" });
}

/** Rows of before and after; the level alone where nothing is changed. */
function beforeAfter(rows, active) {
  const moved = (row, unit) =>
    typeof row.change_percent === "number" ? inPercent(row.change_percent) : change(scaled(row.change, unit, lang()));
  const line = (row) => {
    const unit = unitOf(row.unit);
    const shown = (value) => plain(scaled(value, unit, lang()));
    return [[say(named(row)), unitName(unit)], shown(row.baseline), ...(active ? [shown(row.value), moved(row, unit)] : [])];
  };
  const heads = ["", t("words.baseline"), ...(active ? [t("words.scenario"), t("words.change")] : [])];
  return table(heads, rows.map(line));
}

/** What a place earns and pays, and what it makes. */
export function accounts(record, active) {
  const output = (row) => ({ ...row.numbers.find((number) => number.id === "output"), name: row.name, name_zh: row.name_zh });
  const sectors = (record.sectors || []).map(output);
  return [
    h("p", { class: "sub" }, t("place.accounts_note")),
    beforeAfter(record.accounts, active),
    sectors.length > 0 && [h("h3", {}, t("place.output")), beforeAfter(sectors, active)],
    record.inferred && h("p", { class: "sub" }, t("place.rests_on")),
  ];
}

/** Every change of a place, and its state. values: the answer's changes by variable, or false for the baseline. */
export function changes(atlas, record, values, i) {
  const row = (v) => [say(named(v)), amount(values[v.id][i], v.unit, lang(), { signed: true })];
  const list = values && atlas.variables.change.filter((v) => values[v.id]).map(row);
  return [
    list ? table([], list) : h("p", { class: "sub" }, t("place.no_scenario")),
    h("h3", {}, t("place.state")),
    beforeAfter(record.state, Boolean(values)),
  ];
}

/** Flows into a place, or out of it, the largest first. open(id): opens the other place. */
export function flows(atlas, found, side, { active, open }) {
  const rows = found[side] || [];
  const total = found[`${side}_total`];
  if (!rows.length) return null;
  const unit = unitOf(found.unit);
  const people = found.flow !== "goods";
  const shown = (value) => (people ? whole(value) : plain(scaled(value, unit, lang())));
  const name = (row) => {
    if (!atlas.index.has(row.id) || found.flow === "people") return say(named(row));
    return h("button", { type: "button", class: "link-button", onclick: () => open(row.id) }, say(named(row)));
  };
  const percent = (row) => inPercent(row.baseline ? 100 * (row.value / row.baseline - 1) : null);
  const cells = (first, row) => [first, shown(row.baseline), ...(active ? [shown(row.value), percent(row)] : [])];
  const lines = rows.map((row) => cells(name(row), row));
  if (total) lines.push({ css: "total", cells: cells(t("place.total"), total) });
  const heads = [t("words.place"), t("words.baseline"), ...(active ? [t("words.scenario"), t("words.change")] : [])];
  return [h("h3", { class: `flow-title ${side}` }, t(`place.${found.flow}_${side}`), unitName(unit)), table(heads, lines)];
}
