/* The layers of a map, from below to above: fills, what is inferred, what has no value, marks, borders, flows, names. */

import { s } from "../dom.js";
import { NO_VALUE } from "../breaks.js";

// A white casing keeps borders readable on every shade; the border between the two governments is the boldest line of all.
const LINES = [
  ["prefecture", "line pref"],
  ["outline", "line coast"],
  ["province", "line casing"],
  ["province", "line prov"],
  ["hero", "line casing wide"],
  ["hero", "line hero"],
  ["zone", "line zone-casing"],
  ["zone", "line zone"],
];

let made = 0;

/** Two patterns of this drawing: hatching for no value, dots for inferred. `size` is one screen pixel in map units. */
function patterns(id) {
  const hatch = s(
    "pattern",
    { id: `none-${id}`, patternUnits: "userSpaceOnUse", width: 6, height: 6 },
    s("rect", { width: 6, height: 6, fill: NO_VALUE }),
    s("path", { d: "M-1 1l2-2M0 6l6-6M5 7l2-2", stroke: "#8f8d86", "stroke-width": 1.1 }),
  );
  const dots = s(
    "pattern",
    { id: `guess-${id}`, patternUnits: "userSpaceOnUse", width: 5, height: 5 },
    s("rect", { width: 5, height: 5, fill: "#efeeea", "fill-opacity": 0.42 }),
    s("circle", { cx: 1.25, cy: 1.25, r: 0.75, fill: "#4b5058", "fill-opacity": 0.42 }),
  );
  return { hatch, dots, defs: s("defs", {}, hatch, dots) };
}

/** One drawing of the region: the whole map, or the zone's inset (`only`: indices that are drawn). `filled`: places have shades here. */
export class Drawing {
  constructor(geo, only = null, filled = true) {
    this.id = ++made;
    this.shown = only || geo.order;
    this.inside = new Set(this.shown);
    this.geo = geo;
    this.patterns = patterns(this.id);
    this.filled = filled;
    this.fills = new Map(
      (filled ? this.shown : []).map((i) => [i, s("path", { d: geo.paths[i], class: "fill", fill: NO_VALUE, "data-i": i })]),
    );
    this.guess = s("path", { class: "veil", fill: `url(#guess-${this.id})` });
    this.none = s("path", { class: "veil", fill: `url(#none-${this.id})` });
    this.flows = s("g", { class: "flows" });
    this.marks = s("g", { class: "marks" });
    this.colours = new Map();
    this.nodes = [
      this.patterns.defs,
      s("g", { class: "fills" }, [...this.fills.values()]),
      s("g", { class: "veils" }, this.guess, this.none),
      this.marks,
      s(
        "g",
        { class: "lines" },
        LINES.filter(([key]) => geo.lines[key]).map(([key, css]) => s("path", { d: geo.lines[key], class: css })),
      ),
      this.flows,
    ];
  }

  /** Shades of all places; only those that changed are touched. */
  shades(colours) {
    for (const [i, node] of this.fills) {
      const colour = colours[i];
      if (this.colours.get(i) === colour) continue;
      node.setAttribute("fill", colour);
      this.colours.set(i, colour);
    }
  }

  /** Veils over what is inferred, and over what has no value. */
  veils(guessed, none) {
    if (!this.filled) return;
    const path = (set) =>
      [...set]
        .filter((i) => this.inside.has(i))
        .map((i) => this.geo.paths[i])
        .join("");
    this._set(this.guess, path(guessed));
    this._set(this.none, path(none));
  }

  _set(node, d) {
    if (node.getAttribute("d") !== d) node.setAttribute("d", d);
  }

  /** Patterns, names and marks keep their size on the screen: `unit` is one screen pixel in map units. */
  scale(unit) {
    for (const pattern of [this.patterns.hatch, this.patterns.dots]) pattern.setAttribute("patternTransform", `scale(${unit.toFixed(3)})`);
  }
}

/** Names of provinces, and the mark of the zone while it is too small to be seen. */
export function labels(geo, name, zoneName) {
  const words = geo.labels.map(({ id, x, y }) =>
    s("text", { x, y, class: "prov-name", "text-anchor": "middle", "data-jurisdiction": id }, name(id)),
  );
  const mark = geo.zoneAt
    ? s(
        "g",
        { class: "zone-mark" },
        s("circle", { cx: geo.zoneAt[0], cy: geo.zoneAt[1], class: "zone-ring" }),
        s("text", { x: geo.zoneAt[0], y: geo.zoneAt[1], class: "zone-name" }, zoneName),
      )
    : null;
  return { words, mark, node: s("g", { class: "names", "aria-hidden": "true" }, words, mark) };
}

/** A curve between two points, bent to one side so that both directions can be told apart. */
export function curve([x1, y1], [x2, y2], bend = 0.16) {
  const mx = (x1 + x2) / 2 - (y2 - y1) * bend,
    my = (y1 + y2) / 2 + (x2 - x1) * bend;
  return `M${x1} ${y1}Q${mx.toFixed(0)} ${my.toFixed(0)} ${x2} ${y2}`;
}

/** Lines of flows: [{ from, to, size, kind }], the largest as wide as `wide` pixels. */
export function flowLines(flows, anchors, wide = 9) {
  const largest = Math.max(...flows.map((flow) => flow.size), 0);
  if (!largest) return [];
  return flows
    .filter((flow) => anchors[flow.from] && anchors[flow.to])
    .sort((a, b) => a.size - b.size)
    .map((flow) =>
      s("path", {
        d: curve(anchors[flow.from], anchors[flow.to]),
        class: `flow ${flow.kind}`,
        "stroke-width": Math.max(0.8, wide * Math.sqrt(flow.size / largest)).toFixed(2),
      }),
    );
}
