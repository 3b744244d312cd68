/* The tables of a comparison: what goes in beside what comes out, and the needs of each government. */

import { h } from "../dom.js";
import { change, label, scaled } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { differing } from "../draft.js";
import { leverName, sourceText, strengthShape, strengthText } from "../lever-words.js";
import { bnUnit } from "../panels/headline.js";
import { byKey, matrixLegend, matrixOf } from "../panels/needs.js";
import { table } from "../panels/table.js";

const number = (value) => typeof value === "number" && Number.isFinite(value);
const TOTALS = { net_gain: "headline.net", welfare: "headline.welfare", relocated: "compare.relocated" };

/** What goes in: the levers that differ, and those that do not. a, b: lists of levers. */
export function inputs(atlas, a, b) {
  const rows = differing(a, b);
  const same = (row) => row.a === row.b;
  const line = (row) => {
    const shape = strengthShape(atlas, row.lever);
    const yes = (value) => t(value === undefined ? "lever.not_pulled" : "words.yes");
    const text = (value) => (shape.key ? strengthText(shape, value, lang()) : yes(value));
    const source = h("small", { class: "block" }, t("lever.source", { source: sourceText(row.lever.source) }));
    return { css: same(row) ? "same" : "", cells: [[leverName(atlas, row.lever), row.lever.source && source], text(row.a), text(row.b)] };
  };
  const heads = [t("compare.lever"), "A", "B"];
  const differ = rows.filter((row) => !same(row)).map(line);
  const alike = rows.filter(same).map(line);
  return [
    h("h2", {}, t("compare.inputs")),
    differ.length ? table(heads, differ) : h("p", { class: "sub" }, t("compare.same")),
    alike.length > 0 && h("details", {}, h("summary", {}, t("compare.alike", { count: alike.length })), table(heads, alike)),
  ];
}

/** The parts of the zone's result in both: [name, value in A, value in B, whether it is the net]. */
function zoneRows(a, b) {
  const rows = new Map();
  [a, b].forEach((answer, which) => {
    for (const row of answer?.zone || []) {
      if (!rows.has(row.row)) rows.set(row.row, [cap(say(named({ id: row.row, ...row }))), null, null, row.group === "net"]);
      rows.get(row.row)[which + 1] = row.value_added;
    }
  });
  return [...rows.values()];
}

/** What comes out: the mainland's totals, and where the zone's gain came from. reasons: why A or B has no numbers. */
export function outputs({ a, b }, reasons) {
  const unit = bnUnit(a || b);
  const text = (value) => change(scaled(value, unit, lang()));
  const cells = (name, one, two) => [name, text(one), text(two), text(number(one) && number(two) ? two - one : null)];
  const heads = (first) => [first, "A", "B", t("compare.difference")];
  const totals = Object.entries(TOTALS).map(([key, name]) => cells(t(name), a?.totals?.[key], b?.totals?.[key]));
  const zone = zoneRows(a, b).map(([name, one, two, net]) => ({ css: net ? "net" : "", cells: cells(name, one, two) }));
  const refused = [
    ["A", a, reasons.a],
    ["B", b, reasons.b],
  ].filter(([, answer]) => !answer);
  return [
    h("h2", {}, t("compare.outputs")),
    refused.map(([name, , reason]) => h("p", { class: "fault" }, `${name}: ${reason}`)),
    h("p", { class: "sub" }, label(unit, lang())),
    table(heads(t("compare.totals")), totals),
    zone.length > 0 && table(heads(t("gains.zone")), zone),
  ];
}

/** The needs of each government in A, in B, and B against A. names: of A and B. */
export function needs(base, { a, b }, names, reasons) {
  const rows = (answer) => (answer?.matrix ? byKey(answer.matrix.rows) : null);
  const [one, two] = [rows(a), rows(b)];
  const difference = new Map();
  for (const row of base) {
    const key = `${row.need}|${row.line}`;
    const [left, right] = [one?.get(key)?.change, two?.get(key)?.change];
    difference.set(key, { change: number(left) && number(right) ? right - left : null, note: "" });
  }
  const columns = [
    { name: `A · ${names.a}`, rows: one, reason: reasons.a },
    { name: `B · ${names.b}`, rows: two, reason: reasons.b },
    { name: t("compare.difference"), rows: difference, reason: "", difference: true },
  ];
  const none = h("p", { class: "sub" }, t("needs.none"));
  return [h("h2", {}, t("compare.matrix")), base.length ? [matrixLegend(), matrixOf(base, columns)] : none];
}
