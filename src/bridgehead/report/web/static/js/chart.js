/* Charts of our own: lines over years, bars around zero. Each has a table beside it for those who cannot see it. */

import { h, s } from "./dom.js";
import { plain } from "./numbers.js";

const EDGE = { right: 96, top: 14, bottom: 26 };

/** Round steps that cover a range with about so many lines. */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count,
    power = 10 ** Math.floor(Math.log10(raw)),
    step = [1, 2, 5, 10].find((each) => each * power >= raw) * power;
  const first = Math.ceil(low / step) * step,
    made = [];
  for (let value = first; value <= high + step * 1e-9; value += step)
    made.push(Math.abs(value) < step * 1e-9 ? 0 : Number(value.toPrecision(12)));
  return made;
}

/** Lines over x: series [{ name, values, css }]; bands [{ low, high, css }]; `at`: the x that is marked; format(value) for the axis. */
export function lineChart({ x, series, at = null, format = plain, title, width = 640, height = 280, bands = [], zero = false }) {
  const known = [...series.flatMap((one) => one.values), ...bands.flatMap((band) => [...band.low, ...band.high])].filter(
    (value) => typeof value === "number" && Number.isFinite(value),
  );
  if (!known.length) return h("p", { class: "sub" }, "–");
  let low = Math.min(...known, ...(zero ? [0] : [])),
    high = Math.max(...known, ...(zero ? [0] : []));
  const slack = (high - low || Math.abs(high) || 1) * 0.06;
  low -= slack;
  high += slack;
  const marks = ticks(low, high),
    PAD = { ...EDGE, left: 18 + 7.2 * Math.max(...marks.map((value) => format(value).length)) };
  const px = (value) => PAD.left + ((width - PAD.left - PAD.right) * (value - x[0])) / (x[x.length - 1] - x[0] || 1),
    py = (value) => PAD.top + (height - PAD.top - PAD.bottom) * (1 - (value - low) / (high - low));
  const path = (values) =>
    values
      .map((value, i) =>
        typeof value === "number"
          ? `${i && typeof values[i - 1] === "number" ? "L" : "M"}${px(x[i]).toFixed(1)} ${py(value).toFixed(1)}`
          : "",
      )
      .join("");
  const years = x.filter((value, i) => i === 0 || i === x.length - 1 || value % (x.length > 12 ? 5 : 1) === 0);
  // Names at the ends of lines, moved apart where they would lie on each other.
  const ends = series
    .map((one) => ({ ...one, y: py([...one.values].reverse().find((value) => typeof value === "number") ?? low) }))
    .sort((a, b) => a.y - b.y);
  ends.forEach((end, i) => {
    if (i && end.y - ends[i - 1].y < 16) end.y = ends[i - 1].y + 16;
  });
  return s(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
    marks.map((value) => [
      s("line", { class: "grid-line", x1: PAD.left, x2: width - PAD.right, y1: py(value), y2: py(value) }),
      s("text", { class: "tick", x: PAD.left - 7, y: py(value) + 4, "text-anchor": "end" }, format(value)),
    ]),
    years.map((value) => s("text", { class: "tick", x: px(value), y: height - 8, "text-anchor": "middle" }, String(value))),
    bands.map((band) => {
      const back = x.map((_, i) => x.length - 1 - i).map((j) => `L${px(x[j]).toFixed(1)} ${py(band.low[j]).toFixed(1)}`);
      return s("path", { class: `band ${band.css || ""}`, d: `${path(band.high)}${back.join("")}z` });
    }),
    at !== null && s("line", { class: "now", x1: px(at), x2: px(at), y1: PAD.top, y2: height - PAD.bottom }),
    series.map((one) => s("path", { class: `curve ${one.css}`, d: path(one.values) })),
    ends.map((end) => s("text", { class: `end ${end.css}`, x: width - PAD.right + 7, y: end.y + 4 }, end.name)),
  );
}

/** Horizontal bars around zero: rows [{ name, value, low?, high?, css? }]. */
export function barChart({ rows, format = plain, title, width = 640, label = 190, row = 26 }) {
  const values = rows
    .flatMap((one) => [one.value, one.low, one.high])
    .filter((value) => typeof value === "number" && Number.isFinite(value));
  const low = Math.min(0, ...values),
    high = Math.max(0, ...values),
    span = high - low || 1,
    right = 78,
    height = rows.length * row + 10;
  const px = (value) => label + ((width - label - right) * (value - low)) / span;
  return s(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
    s("line", { class: "axis", x1: px(0), x2: px(0), y1: 2, y2: height - 4 }),
    rows.map((one, i) => {
      const y = 5 + i * row,
        known = typeof one.value === "number";
      return [
        s("text", { class: "name", x: label - 8, y: y + row / 2 + 2, "text-anchor": "end" }, one.name),
        known &&
          s("rect", {
            class: one.css || (one.value >= 0 ? "gain" : "loss"),
            x: Math.min(px(0), px(one.value)),
            y: y + 4,
            width: Math.max(1, Math.abs(px(one.value) - px(0))),
            height: row - 12,
            rx: 2,
          }),
        typeof one.low === "number" &&
          s("line", { class: "whisker", x1: px(one.low), x2: px(one.high), y1: y + row / 2 - 2, y2: y + row / 2 - 2 }),
        s("text", { class: "value", x: width - right + 8, y: y + row / 2 + 2 }, known ? format(one.value) : "–"),
      ];
    }),
  );
}
