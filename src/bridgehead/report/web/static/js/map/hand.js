/* What the hand does on a map: hover, choose, drag, wheel, keys; and, while a tool is taken up, a link or an outline. */

import { s } from "../dom.js";
import { curve } from "./layers.js";

const FAR = 5;

/** The place nearest in a direction (dx, dy are −1, 0 or 1): within a quarter turn, near ones first. */
export function neighbour(anchors, from, dx, dy) {
  const [x, y] = anchors[from];
  let best = null,
    least = Infinity;
  anchors.forEach((point, i) => {
    if (!point || i === from) return;
    const along = (point[0] - x) * dx + (point[1] - y) * dy,
      across = Math.abs((point[0] - x) * dy) + Math.abs((point[1] - y) * dx);
    if (along <= 0 || across > along) return;
    const cost = along + 2 * across;
    if (cost < least) {
      least = cost;
      best = i;
    }
  });
  return best;
}

/** The places with their anchor inside an outline. */
export function within(anchors, outline) {
  const inside = ([x, y]) => {
    let odd = false;
    for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
      const [xi, yi] = outline[i],
        [xj, yj] = outline[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
    return odd;
  };
  return anchors.map((_, i) => i).filter((i) => anchors[i] && inside(anchors[i]));
}

export class Hand {
  constructor(map) {
    this.map = map;
    this.tool = null;
    this.held = null;
    this.first = null;
    const { svg } = map;
    this.sketch = s("path", { class: "sketch" });
    svg.append(this.sketch);
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", (event) => this.up(event));
    svg.addEventListener("pointercancel", () => this.drop());
    svg.addEventListener("pointerleave", () => {
      if (!this.held) this.over(null);
    });
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("blur", () => map.hover(null));
    map.insetSvg?.addEventListener("pointermove", (event) => this.over(this.at(event), event));
    map.insetSvg?.addEventListener("pointerleave", () => this.over(null));
  }

  /** Take up a tool: "link" (two places), "pick" (places one by one), "lasso" (an outline), or null. */
  take(tool) {
    this.tool = tool;
    this.first = null;
    this.sketch.setAttribute("d", "");
    this.map.element.dataset.tool = tool || "";
  }

  point(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.map.svg.getScreenCTM().inverse());
  }
  /** The place under the pointer: a node says which it is; where places are painted, the map finds it. */
  at(event) {
    const index = event.target?.dataset?.i;
    if (index !== undefined) return Number(index);
    return this.map.canvas && event.currentTarget === this.map.svg ? this.map.canvas.at(this.point(event)) : null;
  }

  over(index, event) {
    if (index !== this.map.cursor) this.map.hover(index);
    this.map.act.hover?.(index, event);
    if (this.tool === "link" && this.first !== null && index !== null && index !== this.first)
      this.sketch.setAttribute("d", curve(this.map.geo.anchors[this.first], this.map.geo.anchors[index], 0.08));
  }

  wheel(event) {
    event.preventDefault();
    const at = this.point(event),
      pace = event.ctrlKey ? 0.012 : 0.0018;
    this.map.camera.zoom(Math.exp(Math.max(-120, Math.min(120, event.deltaY)) * pace), at.x, at.y);
  }

  down(event) {
    if (event.button !== 0) return;
    const at = this.point(event);
    this.held = {
      x: at.x,
      y: at.y,
      px: event.clientX,
      py: event.clientY,
      index: this.at(event),
      far: false,
      outline: this.tool === "lasso" ? [[at.x, at.y]] : null,
    };
    this.map.svg.setPointerCapture(event.pointerId);
  }

  move(event) {
    const held = this.held;
    if (!held) {
      this.over(this.at(event), event);
      return;
    }
    if (!held.far && Math.hypot(event.clientX - held.px, event.clientY - held.py) < FAR) return;
    held.far = true;
    this.map.act.hover?.(null, event);
    const at = this.point(event);
    if (held.outline) {
      held.outline.push([at.x, at.y]);
      this.sketch.setAttribute("d", `M${held.outline.map(([x, y]) => `${x.toFixed(0)} ${y.toFixed(0)}`).join("L")}z`);
      return;
    }
    this.map.svg.classList.add("held");
    this.map.camera.pan(held.x - at.x, held.y - at.y);
  }

  up(event) {
    const held = this.held;
    this.drop();
    if (!held) return;
    if (held.outline && held.far) {
      this.map.act.draw?.("lasso", within(this.map.geo.anchors, held.outline));
      return;
    }
    if (!held.far && held.index !== null) this.chosen(held.index, event);
  }

  drop() {
    this.held = null;
    this.map.svg.classList.remove("held");
    if (this.tool === "lasso") this.sketch.setAttribute("d", "");
  }

  /** A place was clicked, or Enter pressed on it. */
  chosen(index, event) {
    if (this.tool === "pick" || this.tool === "lasso") {
      this.map.act.draw?.("pick", [index]);
      return;
    }
    if (this.tool !== "link") {
      this.map.act.hover?.(null);
      this.map.act.pick?.(index, event);
      return;
    }
    if (this.first === null) {
      this.first = index;
      this.map.picks([index]);
      this.map.act.draw?.("link-first", [index]);
      return;
    }
    if (index === this.first) return;
    const pair = [this.first, index];
    this.take("link");
    this.map.act.draw?.("link", pair);
  }

  key(event) {
    const { camera, geo } = this.map,
      turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const turn = turns[event.key];
    if (turn && event.shiftKey) camera.pan((turn[0] * camera.box[2]) / 8, (turn[1] * camera.box[3]) / 8);
    else if (turn) this.step(turn, geo);
    else if (event.key === "+" || event.key === "=") camera.zoom(0.7);
    else if (event.key === "-" || event.key === "_") camera.zoom(1 / 0.7);
    else if (event.key === "Home") camera.whole();
    else if (event.key === "End") camera.toZone();
    else if ((event.key === "Enter" || event.key === " ") && this.map.cursor !== null) this.chosen(this.map.cursor, event);
    else if (event.key === "Escape" && (this.tool || this.map.chosen !== null)) this.map.act.cancel?.();
    else return;
    event.preventDefault();
  }

  step([dx, dy], geo) {
    const from = this.map.cursor ?? this.map.chosen ?? geo.first;
    const next = this.map.cursor === null && this.map.chosen === null ? from : neighbour(geo.anchors, from, dx, dy);
    if (next === null || next === undefined) return;
    this.map.hover(next);
    this.map.camera.show(geo.anchors[next], 1);
    this.map.tell(next);
    const spot = this.map.svg.getBoundingClientRect(),
      matrix = this.map.svg.getScreenCTM();
    const at = new DOMPoint(...geo.anchors[next]).matrixTransform(matrix);
    this.map.act.hover?.(next, { clientX: Math.min(Math.max(at.x, spot.left), spot.right), clientY: at.y });
  }
}
