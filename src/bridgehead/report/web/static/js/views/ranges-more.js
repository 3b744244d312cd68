/* What stands behind the ranges: fans over the years, and everything that was drawn, with its source. */

import { h } from "../dom.js";
import { lineChart } from "../chart.js";
import { brief, label, plain, scaled } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { measureName, needName } from "../panels/needs.js";
import { table } from "../panels/table.js";

/** The change of a need year by year in the draws that have a path: half of them in the inner band, nine of ten in the outer one. */
export function fan(row, found) {
  const years = found.filter((each) => each.draws > 0);
  if (years.length < 2) return null;
  const of = (key) => years.map((each) => (typeof each[key] === "number" ? scaled(each[key], row.unit, lang()) : null));
  const bands = [
    { low: of("p5"), high: of("p95") },
    { low: of("p25"), high: of("p75"), css: "inner" },
  ];
  const series = [
    { name: t("ranges.median"), values: of("median"), css: "with" },
    { name: t("ranges.default"), values: of("default"), css: "base" },
  ];
  const title = `${needName(row)} · ${measureName(row)}`;
  const unit = label(row.unit, lang());
  const last = years[years.length - 1];
  const rows = years.map((each) => [
    String(each.year),
    ...["default", "median", "p5", "p95"].map((key) => brief(scaled(each[key], row.unit, lang()))),
  ]);
  const heads = [t("path.year"), t("ranges.default"), t("ranges.median"), "5 %", "95 %"];
  return [
    h("h2", {}, t("ranges.fan")),
    h("p", {}, h("b", {}, title), unit && h("small", {}, ` ${unit}`)),
    lineChart({ x: years.map((each) => each.year), series, bands, title, format: plain, zero: true, height: 240 }),
    h("p", { class: "sub" }, t("ranges.fan_note", { draws: last.draws })),
    h("details", {}, h("summary", {}, t("path.table")), h("div", { class: "scroll" }, table(heads, rows))),
  ];
}

const OTHERS = /^(\d+) other inferred figures$/;

/** What a factor is called, by the names that came with the run. */
export function factorName(result, id) {
  const others = OTHERS.exec(id);
  if (others) return t("ranges.others", { count: others[1] });
  return cap(say(named(result.names?.find((each) => each.id === id)), id.replace(/_/g, " ")));
}

/** Everything that was drawn: as it is, its range, and where the range comes from. */
export function drawn(result) {
  const kinds = [...new Set(result.factors.map((one) => one.kind))];
  const range = (one) => (one.kind === "data" ? t("ranges.bounds") : t("ranges.span", { low: plain(one.low), high: plain(one.high) }));
  const row = (one) => [
    [factorName(result, one.factor), h("small", { class: "block" }, one.source)],
    one.kind === "data" ? t("ranges.middle") : plain(one.value),
    range(one),
    t(`ranges.form_${one.distribution}`),
  ];
  const heads = [t("ranges.factor"), t("ranges.default"), t("ranges.range_drawn"), t("ranges.form")];
  const numeric = (i) => i === 1 || i === 2;
  const part = (kind) => [
    h("h3", {}, t(`ranges.kind_${kind}`)),
    table(
      heads,
      result.factors.filter((one) => one.kind === kind).map(row),
      { numeric, css: "drawn" },
    ),
  ];
  return h("details", {}, h("summary", {}, t("ranges.drawn", { count: result.factors.length })), kinds.map(part));
}
