/* The needs of each government: what each is measured by, the baseline, and what the scenario does to it. Never added up. */

import { all, fresh, h } from "../dom.js";
import { amount, brief, label, level, scaled } from "../numbers.js";
import { lang, say, t, zh } from "../text.js";
import { tipFor } from "./tip.js";

const SHADES = [0.01, 0.1, 0.5];
const keyOf = (row) => `${row.need}|${row.line}`;

/** The rows of a matrix by need and line. */
export const byKey = (rows) => new Map((rows || []).map((row) => [keyOf(row), row]));

/** Good or bad for the need, deeper by its share of the row's largest effect. */
export function direction(value, better, largest) {
  if (typeof value !== "number" || !largest || Math.abs(value) < 1e-14) return "flat";
  const depth = 1 + SHADES.filter((bound) => Math.abs(value) / largest >= bound).length;
  return `${value > 0 === (better !== "down") ? "good" : "bad"}-${depth}`;
}

export const measureName = (row) => say({ en: row.measure, zh: row.measure_zh }, row.line);
export const needName = (row) => say({ en: row.name, zh: row.name_zh }, row.need);
export const governmentName = (row) => say({ en: row.government_name, zh: row.government_name_zh }, row.government);
const arrow = (row) =>
  h(
    "span",
    {
      class: "arrow",
      title: t(row.better === "down" ? "needs.down" : "needs.up"),
      "aria-label": t(row.better === "down" ? "needs.down" : "needs.up"),
    },
    row.better === "down" ? "↓" : "↑",
  );

/** The head of a row: the need with its quote, its measure, which way is better, the unit. */
export function rowHead(row, more = null) {
  const unit = label(row.unit, lang());
  const measure = h("span", { class: "measure" }, measureName(row), " ", arrow(row), " ", unit && h("em", {}, unit));
  if (row.line !== "1") return h("th", { scope: "row" }, measure);
  const name = needName(row),
    quote = say({ en: row.quote, zh: row.quote_zh });
  const strong = h("strong", {}, name);
  if (quote && quote.toLowerCase() !== name.toLowerCase()) strong.setAttribute("title", zh() ? `“${quote}”` : `“${quote}”`);
  return h("th", { scope: "row" }, more, strong, measure);
}

/** The cell of a change: number with its direction, or "–" with the reason as its tip. */
export function changeCell(row, value, { note = "", largest = null, name = "", open = null } = {}) {
  const unit = row.unit,
    absent = typeof value !== "number";
  const shade = absent ? "none" : direction(value, row.better, largest ?? Math.abs(value) * 2.5);
  const shown = absent ? "–" : Math.abs(value) < 1e-12 ? "0" : brief(scaled(value, unit, lang()));
  const cell = h(
    "td",
    { class: `num ${shade}` },
    open ? h("button", { type: "button", class: "pill", onclick: open }, shown) : h("span", { class: "pill" }, shown),
  );
  const tip = () => [
    h("b", {}, name || measureName(row)),
    h("br"),
    absent ? note || t("needs.undefined") : amount(value, unit, lang(), { signed: true }),
    h("br"),
    h("em", {}, `${t("words.baseline")} ${level(row.baseline, unit, lang())}`),
    !absent && note ? [h("br"), h("em", {}, note)] : null,
  ];
  return tipFor(cell, tip);
}

export class NeedsPanel {
  constructor(app) {
    this.app = app;
    this.open = new Set();
    this.element = h("section", { class: "needs-panel", "aria-label": t("needs.title") });
    this.body = h("div", { class: "scroll" });
    this.foot = h("p", { class: "sub needs-foot" }, t("needs.foot"));
    fresh(this.element, this.body, this.foot);
    this.changes = null;
    this.reason = "";
    this.render();
  }

  /** The rows of the baseline's matrix; [] while there is none. */
  get rows() {
    return this.app.atlas.baseline?.matrix || [];
  }

  /** Show what a solved scenario does to each row, or null for the baseline alone. */
  show(matrix) {
    this.changes = matrix ? byKey(matrix.rows) : null;
    this.reason = "";
    this.render();
  }
  /** No numbers: the column is empty, with the reason. */
  blank(reason) {
    this.changes = null;
    this.reason = reason;
    this.render();
  }
  /** Numbers that are being computed anew are marked as such. */
  busy(yes) {
    this.element.classList.toggle("busy", yes);
  }

  render() {
    const rows = this.rows;
    if (!rows.length) {
      fresh(this.body, h("p", { class: "sub" }, t(this.app.atlas.baseline ? "needs.none" : "needs.waiting")));
      return;
    }
    const active = this.app.active,
      heads = [h("th", { scope: "col" }, t("needs.need")), h("th", { scope: "col", class: "num" }, t("words.baseline"))];
    if (active) heads.push(h("th", { scope: "col", class: "num" }, t("words.change")));
    const body = [];
    let government = null;
    for (const row of rows) {
      if (row.government !== government) {
        government = row.government;
        body.push(h("tr", { class: "gov" }, h("th", { colspan: heads.length, scope: "rowgroup" }, governmentName(row))));
      }
      if (row.line !== "1" && !this.open.has(row.need)) continue;
      body.push(this._row(row, rows, active));
    }
    fresh(
      this.body,
      h(
        "table",
        { class: "matrix small" },
        h("caption", { class: "unseen" }, t("needs.title")),
        h("thead", {}, h("tr", {}, heads)),
        h("tbody", {}, body),
      ),
    );
  }

  _row(row, rows, active) {
    const found = this.changes?.get(keyOf(row)),
      many = rows.filter((other) => other.need === row.need).length > 1;
    const more = row.line === "1" && many && this._toggle(row);
    const cells = [
      rowHead(row, more || null),
      h("td", { class: "num base" }, level(row.baseline, row.unit, lang(), { named: Boolean(row.unit.base?.en) })),
    ];
    if (active && this.changes)
      cells.push(changeCell(row, found?.change, { note: found?.note, open: () => this.app.tell({ phase: "cell", row, found }) }));
    else if (active)
      cells.push(
        h("td", { class: "num none" }, h("span", { class: "pill", title: this.reason || t("badge.checking") }, this.reason ? "–" : "…")),
      );
    return h(
      "tr",
      { class: row.line === "1" ? "one" : "two", "data-need": row.need, "data-line": row.line, "data-change": found?.change ?? "" },
      cells,
    );
  }

  _toggle(row) {
    const open = this.open.has(row.need);
    return h(
      "button",
      {
        type: "button",
        class: "more",
        "aria-expanded": String(open),
        "aria-label": t("needs.more", { need: needName(row) }),
        "data-more": row.need,
        onclick: () => {
          if (open) this.open.delete(row.need);
          else this.open.add(row.need);
          this.render();
          all("[data-more]", this.body)
            .find((button) => button.dataset.more === row.need)
            ?.focus();
        },
      },
      open ? "−" : "+",
    );
  }
}

/** Several columns of changes as one table, shades by each row's largest effect: [{ name, short, rows (by key), reason }]. */
export function matrixOf(rows, columns, { onColumn = null } = {}) {
  const groups = [];
  for (const column of columns) {
    const last = groups[groups.length - 1];
    if (last && last.group === column.group) last.count += 1;
    else groups.push({ group: column.group, title: column.groupTitle, count: 1 });
  }
  const head = (column) =>
    h(
      "th",
      { scope: "col", class: "col" },
      onColumn && column.id
        ? h(
            "button",
            { type: "button", class: "head-button", title: column.name, onclick: () => onColumn(column.id) },
            column.short || column.name,
          )
        : column.short || column.name,
    );
  const top =
    groups.some((g) => g.title) &&
    h(
      "tr",
      {},
      h("th", { colspan: 2 }),
      groups.map((g) => h("th", { colspan: g.count, class: "group", scope: "colgroup" }, g.title || "")),
    );
  const body = [];
  let government = null;
  for (const row of rows) {
    if (row.government !== government) {
      government = row.government;
      body.push(h("tr", { class: "gov" }, h("th", { colspan: columns.length + 2, scope: "rowgroup" }, governmentName(row))));
    }
    const found = columns.map((column) => column.rows?.get(keyOf(row)));
    const values = found.map((each) => (typeof each?.change === "number" ? Math.abs(each.change) : 0)),
      largest = Math.max(...values.filter((_, i) => !columns[i].difference), 0) || null;
    body.push(
      h(
        "tr",
        { class: row.line === "1" ? "one" : "two" },
        rowHead(row),
        h("td", { class: "num base" }, level(row.baseline, row.unit, lang(), { named: Boolean(row.unit.base?.en) })),
        columns.map((column, i) =>
          changeCell(row, found[i]?.change, { note: found[i]?.note || column.reason, largest, name: column.name }),
        ),
      ),
    );
  }
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      { class: "matrix wide" },
      h(
        "thead",
        {},
        top,
        h(
          "tr",
          {},
          h("th", { scope: "col" }, t("needs.need")),
          h("th", { scope: "col", class: "num" }, t("words.baseline")),
          columns.map(head),
        ),
      ),
      h("tbody", {}, body),
    ),
  );
}

/** What the shades mean. */
export function matrixLegend() {
  const side = (kind, name) =>
    h(
      "span",
      { class: "swatches" },
      h("b", {}, name),
      ["< 1 %", "1–10 %", "10–50 %", "> 50 %"].map((text, i) => h("i", { class: `${kind}-${i + 1}` }, text)),
    );
  return h(
    "div",
    { class: "matrix-legend" },
    h("span", { class: "sub" }, t("needs.legend")),
    side("good", t("needs.good")),
    side("bad", t("needs.bad")),
  );
}
export { keyOf };
