/* What stands beside the map of a path: lines over years, tables by jurisdiction and year, and how far to trust it. */

import { h } from "../dom.js";
import { lineChart } from "../chart.js";
import { change, plain, scaled } from "../numbers.js";
import { aside, cap, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { table } from "../panels/table.js";

const series = (own) => [
  { name: t("path.without"), values: own.baseline, css: "base" },
  ...(own.scenario ? [{ name: t("path.with"), values: own.scenario, css: "with" }] : []),
];

/** One figure with the lines of a quantity with and without the scenario. */
function figure(title, own, { years, at, format }) {
  const chart = lineChart({ x: years, series: series(own), at, format, title });
  return h("figure", { class: "line-figure" }, h("figcaption", {}, title), chart);
}

/** The provinces of the region, and the others, as rows [name, values]. */
function jurisdictions(atlas, result, variable) {
  const found = result.jurisdictions;
  const level = found.some((j) => j.level === "province") ? "province" : found[0]?.level;
  const ours = new Set(atlas.places.filter((place) => !place.outside).map((place) => place.jurisdictions.province));
  const rows = found
    .filter((j) => j.level === level && j.values[variable])
    .map((j) => [say(named(j)), j.values[variable], ours.has(j.id) || !ours.size]);
  return { inside: rows.filter(([, , own]) => own), outside: rows.filter(([, , own]) => !own) };
}

/** Lines and tables of one variable; `place`: the index of a place whose own lines are shown, or null. */
export function lines(atlas, result, { variable, year, place }) {
  const { years, inside, places } = result;
  const index = years.indexOf(year);
  const id = variable.id;
  const format = (value) => plain(scaled(value, variable.unit, lang()));
  const view = { years, at: year, format };
  const of = (rows) => rows?.map((row) => row[place]);
  const here = place !== null && places[id] && { baseline: of(places[id].baseline), scenario: of(places[id].scenario) };
  const percent = (own) =>
    own.scenario && own.baseline[index] ? `${change(100 * (own.scenario[index] / own.baseline[index] - 1))} %` : "–";
  const row = ([name, own]) => [name, format(own.baseline[index]), own.scenario ? format(own.scenario[index]) : "–", percent(own)];
  const heads = ["", t("path.without"), t("path.with"), t("words.change")];
  const found = jurisdictions(atlas, result, id);
  const whole = [t("path.all_inside"), inside[id]];
  return [
    h("h2", {}, cap(say(named(variable))), h("small", {}, aside(variable.unit?.[lang()] || ""))),
    here ? figure(atlas.fullName(place), here, view) : figure(whole[0], whole[1], view),
    h("p", { class: "sub" }, t("path.pick_place")),
    h("h3", {}, String(year)),
    table(heads, [whole, ...found.inside].map(row)),
    found.outside.length > 0 && h("details", {}, h("summary", {}, t("path.beyond")), table(heads, found.outside.map(row))),
    welfare(result, year),
    byYear(years, inside[id], format),
  ];
}

/** What the scenario is worth to people, year by year. */
function welfare(result, year) {
  const { welfare: values, years } = result;
  if (!values?.some((value) => typeof value === "number")) return null;
  const unit = unitOf(result.welfare_unit);
  const format = (value) => plain(scaled(value, unit, lang()));
  const title = t("path.welfare");
  const chart = lineChart({ x: years, series: [{ name: "", values, css: "with" }], at: year, format, title, height: 190, zero: true });
  return h("figure", { class: "line-figure" }, h("figcaption", {}, title, h("small", {}, aside(unit?.[lang()] || ""))), chart);
}

function byYear(years, own, format) {
  const rows = years.map((year, i) => [String(year), format(own.baseline[i]), own.scenario ? format(own.scenario[i]) : "–"]);
  return h("details", {}, h("summary", {}, t("path.table")), table([t("path.year"), t("path.without"), t("path.with")], rows));
}

/** Certificates of all years, what is assumed, and the path beside what has become known since. */
export function trust({ certificates, assumed, fit }) {
  const bad = certificates.filter((each) => each.outcome !== "solved");
  const worst = Math.max(...certificates.map((each) => each.estimated_distance || 0));
  const fine = () => t("path.certified", { count: certificates.length, distance: worst.toExponential(1).replace("e-", "e−") });
  const names = (assumed || []).map((one) => (typeof one === "string" ? one.replace(/_/g, " ") : say(named(one))));
  const keys = fit?.length ? Object.keys(fit[0]).filter((key) => !key.endsWith("_zh")) : [];
  const text = (value) => (typeof value === "number" ? plain(value) : String(value ?? "–"));
  const known = () =>
    table(
      keys.map((key) => key.replace(/_/g, " ")),
      fit.map((row) => keys.map((key) => text(row[key]))),
      { numeric: (i) => typeof fit[0][keys[i]] === "number" },
    );
  return [
    h("h2", {}, t("path.trust")),
    h("p", {}, bad.length ? t("path.bad", { count: bad.length, year: bad[0].year }) : fine()),
    names.length > 0 && h("p", { class: "sub" }, t("path.assumed", { names: names.join(", ") })),
    keys.length > 0 && h("details", {}, h("summary", {}, t("path.fit")), h("div", { class: "scroll" }, known())),
  ];
}
