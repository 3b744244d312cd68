/* The map: real boundaries that Python has projected, drawn as SVG. No tile, no network, no library. */

import { announce, fresh, h, s } from "../dom.js";
import { NO_VALUE, shade } from "../breaks.js";
import { Drawing, flowLines, labels } from "./layers.js";
import { CanvasFills, MANY } from "./canvas.js";
import { Hand } from "./hand.js";

/** The places that reach into a box: those with an anchor within its width of its middle. */
function near(anchors, [x, y, w, h2]) {
  const cx = x + w / 2,
    cy = y + h2 / 2;
  return anchors.map((_, i) => i).filter((i) => anchors[i] && Math.hypot(anchors[i][0] - cx, anchors[i][1] - cy) < 2.2 * w);
}

export class RegionMap {
  /**
   * geo: order (indices of the places that are drawn), paths and anchors by place, lines, labels, view, inset, zoneAt, first.
   * words(): { map, inset, toZone, zone, province(id), place(i) } in the current language. act: hover(i | null, event),
   * pick(i, event), draw(kind, places), cancel(), all optional.
   */
  constructor(geo, camera, words, act = {}, { inset = true, compact = false } = {}) {
    this.geo = geo;
    this.camera = camera;
    this.words = words;
    this.act = act;
    this.values = [];
    this.cursor = null;
    this.chosen = null;
    // Very many places are painted on a canvas below the lines, for nodes would be slow.
    this.canvas = geo.order.length > MANY ? new CanvasFills(geo) : null;
    this.drawing = new Drawing(geo, null, !this.canvas);
    this.svg = s("svg", { class: "map-main", tabindex: 0, role: "application", preserveAspectRatio: "xMidYMid meet" }, this.drawing.nodes);
    this.element = h("div", { class: `map-frame${compact ? " compact" : ""}` }, this.canvas?.node, this.svg);
    this.names = null;
    this._inset(inset && geo.inset);
    this.hand = new Hand(this);
    this.stopWatching = camera.watch(() => this.look());
    this.resize = new ResizeObserver(() => this.look());
    this.resize.observe(this.element);
    this.retell();
  }

  _inset(box) {
    this.insetDrawing = null;
    if (!box) return;
    this.insetDrawing = new Drawing(this.geo, near(this.geo.anchors, box));
    const [x, y, w, hh] = box;
    this.insetTitle = s("text", { class: "inset-name" });
    this.insetSvg = s("svg", { class: "map-inset", viewBox: box.join(" "), role: "img" }, this.insetDrawing.nodes, this.insetTitle);
    this.insetDrawing.scale(w / 190);
    this.insetTitle.setAttribute("x", x + 0.03 * w);
    this.insetTitle.setAttribute("y", y + 0.11 * hh);
    this.insetSvg.style.setProperty("--k", w / 190);
    this.insetBox = h("button", { class: "inset", type: "button", onclick: () => this.camera.toZone() }, this.insetSvg);
    this.element.append(this.insetBox);
  }

  /** Words anew, after a change of language. */
  retell() {
    const words = this.words();
    this.names?.node.remove();
    this.names = labels(this.geo, words.province, words.zone);
    this.svg.append(this.names.node);
    this.svg.setAttribute("aria-label", words.map);
    if (this.insetSvg) {
      this.insetSvg.setAttribute("aria-label", words.inset);
      this.insetBox.setAttribute("aria-label", words.toZone);
      this.insetTitle.textContent = words.inset;
    }
    this.look();
  }

  /** Draw what the camera looks at. */
  look() {
    const box = this.camera.box,
      wide = this.element.clientWidth || 600,
      high = this.element.clientHeight || 500;
    // One pixel of the map, larger where the page's type is larger, so that names can be read on a wall.
    const unit = (Math.max(box[2] / wide, box[3] / high) * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 14.6;
    this.svg.setAttribute("viewBox", box.map((n) => n.toFixed(1)).join(" "));
    this.svg.style.setProperty("--k", unit);
    this.drawing.scale(unit);
    this.canvas?.look(box, wide, high);
    const far = this.camera.near < 6;
    this.element.classList.toggle("far", far);
    if (this.insetBox) this.insetBox.hidden = this.camera.near > 4;
    if (this.names?.mark) {
      const [ring, text] = this.names.mark.children;
      this.names.mark.toggleAttribute("hidden", !far);
      this.names.mark.classList.toggle("off", !far);
      ring.setAttribute("r", (8 * unit).toFixed(1));
      text.setAttribute("dx", (13 * unit).toFixed(1));
      text.setAttribute("dy", (5 * unit).toFixed(1));
    }
  }

  /** Show values in the order of places. guessed, none: sets of indices; told(i): the value in words, for the keyboard. */
  paint(values, scale, guessed = new Set(), told = null) {
    this.values = values;
    this.scale = scale;
    this.told = told;
    const colours = this.geo.paths.map((path, i) => path && shade(values[i], scale));
    const none = new Set(this.geo.order.filter((i) => values[i] === null || values[i] === undefined || Number.isNaN(values[i])));
    this._shades(colours, new Set([...guessed].filter((i) => !none.has(i))), none);
    this.element.classList.remove("refused");
  }

  _shades(colours, guessed, none) {
    for (const drawing of [this.canvas, this.drawing, this.insetDrawing]) {
      drawing?.shades(colours);
      drawing?.veils(guessed, none);
    }
  }

  /** No numbers to show: the map is grey, and says so by its class. */
  blank() {
    this.values = [];
    this.told = null;
    this._shades(
      this.geo.paths.map(() => NO_VALUE),
      new Set(),
      new Set(),
    );
    this.element.classList.add("refused");
  }

  /** Whether what is shown is being computed anew. */
  busy(yes) {
    this.element.classList.toggle("busy", yes);
  }

  /** Mark one place as chosen (null: none). */
  choose(index) {
    this.chosen = index;
    this._mark("chosen", index === null ? [] : [index]);
  }
  /** Mark the places of a set, such as a zone being drawn. */
  picks(indices) {
    this._mark("picked", indices);
  }
  /** Mark the place under the pointer or the keyboard's cursor. */
  hover(index) {
    this.cursor = index;
    this._mark("hover", index === null ? [] : [index]);
  }

  _mark(kind, indices) {
    for (const drawing of [this.drawing, this.insetDrawing]) {
      if (!drawing) continue;
      for (const node of [...drawing.marks.querySelectorAll(`.${kind}`)]) node.remove();
      for (const i of indices) if (drawing.inside.has(i)) drawing.marks.append(s("path", { d: this.geo.paths[i], class: `mark ${kind}` }));
    }
  }

  /** Lines of flows; [] takes them away. */
  flows(list) {
    for (const drawing of [this.drawing, this.insetDrawing]) if (drawing) fresh(drawing.flows, flowLines(list, this.geo.anchors));
  }

  /** Say where the keyboard's cursor is. */
  tell(index) {
    const place = this.words().place(index),
      value = this.told ? this.told(index) : "";
    announce(value ? `${place}: ${value}` : place);
  }

  remove() {
    this.stopWatching();
    this.resize.disconnect();
    this.element.remove();
  }
}
