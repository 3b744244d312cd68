/* Fills of very many places: one canvas under the drawing in place of a node for each. Lines, marks and names stay as they are. */

import { h } from "../dom.js";

/** Above so many places nodes are slower than pixels. */
export const MANY = 3000;
// Places whose anchor is among so many nearest are asked whether they hold a point.
const NEAR = 24;

/** A pattern of small strokes, for what is inferred and for what has no value. */
function pattern(paint, size, draw) {
  const tile = h("canvas", { width: size, height: size });
  draw(tile.getContext("2d"), size);
  return paint.createPattern(tile, "repeat");
}

const dots = (ink) => {
  ink.fillStyle = "rgba(239, 238, 234, .42)";
  ink.fillRect(0, 0, 5, 5);
  ink.fillStyle = "rgba(75, 80, 88, .42)";
  ink.fillRect(1, 1, 1.5, 1.5);
};
const strokes = (ink, size) => {
  ink.strokeStyle = "#8f8d86";
  ink.beginPath();
  ink.moveTo(0, size);
  ink.lineTo(size, 0);
  ink.stroke();
};

export class CanvasFills {
  constructor(geo) {
    this.geo = geo;
    this.node = h("canvas", { class: "map-fills", "aria-hidden": "true" });
    this.paint = this.node.getContext("2d");
    this.paths = geo.paths.map((path) => path && new Path2D(path));
    this.colours = [];
    this.guessed = new Set();
    this.none = new Set();
    this.frame = 0;
  }

  shades(colours) {
    this.colours = colours;
    this._soon();
  }
  veils(guessed, none) {
    this.guessed = guessed;
    this.none = none;
    this._soon();
  }
  /** Look at a box of the map in a frame of so many pixels. */
  look(box, wide, high) {
    const sharp = Math.min(2, devicePixelRatio || 1);
    this.view = { box, wide, high, sharp };
    this.node.width = Math.round(wide * sharp);
    this.node.height = Math.round(high * sharp);
    this._soon();
  }
  _soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (!this.view) return;
    const { paint } = this;
    const { box, wide, high, sharp } = this.view;
    // The same as an SVG's "xMidYMid meet".
    const scale = Math.min(wide / box[2], high / box[3]) * sharp;
    const left = (wide * sharp - scale * box[2]) / 2 - scale * box[0];
    const top = (high * sharp - scale * box[3]) / 2 - scale * box[1];
    paint.setTransform(1, 0, 0, 1, 0, 0);
    paint.clearRect(0, 0, this.node.width, this.node.height);
    paint.setTransform(scale, 0, 0, scale, left, top);
    paint.strokeStyle = "#fff";
    paint.lineWidth = (0.4 * sharp) / scale;
    const veils = [
      [this.guessed, pattern(paint, 5, dots)],
      [this.none, pattern(paint, 6, strokes)],
    ];
    for (const i of this.geo.order) {
      paint.fillStyle = this.colours[i] || "#fff";
      paint.fill(this.paths[i]);
      paint.stroke(this.paths[i]);
    }
    for (const [set, style] of veils) {
      style.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, 0, 0]));
      paint.fillStyle = style;
      for (const i of set) if (this.paths[i]) paint.fill(this.paths[i]);
    }
  }

  /** The place at a point of the map; null where there is none. */
  at({ x, y }) {
    const { anchors, order } = this.geo;
    const far = (i) => (anchors[i][0] - x) ** 2 + (anchors[i][1] - y) ** 2;
    const near = [...order].sort((a, b) => far(a) - far(b)).slice(0, NEAR);
    this.paint.setTransform(1, 0, 0, 1, 0, 0);
    return near.find((i) => this.paint.isPointInPath(this.paths[i], x, y)) ?? null;
  }
}
