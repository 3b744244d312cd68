/* Tables: the first cell of a row names it, the others are numbers unless told otherwise. */

import { h } from "../dom.js";

/** Which columns hold numbers: all but the first. */
const allButFirst = (i) => i > 0;

/**
 * A table. heads: texts or elements; rows: lists of cells, or { css, cells }. A cell that is an element of a table already is kept as it is.
 * numeric(i): whether column i holds numbers; caption: read out, not shown.
 */
export function table(heads, rows, { css = "", caption = "", numeric = allButFirst } = {}) {
  const kind = (i) => (numeric(i) ? "num" : "");
  const cell = (content, i) => {
    if (content instanceof HTMLTableCellElement) return content;
    return i === 0 ? h("th", { scope: "row" }, content) : h("td", { class: kind(i) }, content);
  };
  const line = (row) => (Array.isArray(row) ? h("tr", {}, row.map(cell)) : h("tr", { class: row.css || "" }, row.cells.map(cell)));
  const head =
    heads.length > 0 &&
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((text, i) => h("th", { scope: "col", class: kind(i) }, text)),
      ),
    );
  return h(
    "table",
    { class: `plain-table ${css}` },
    caption && h("caption", { class: "unseen" }, caption),
    head,
    h("tbody", {}, rows.map(line)),
  );
}
