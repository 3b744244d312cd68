/* What part of the region is looked at. Several maps may share one camera, so that they move together. */

export class Camera {
  /** view and zone: x, y, width, height of the whole region and of the zone's inset (null without one). */
  constructor(view, zone) {
    this.home = [...view];
    this.zone = zone ? [...zone] : null;
    this.box = [...view];
    this.watchers = new Set();
  }
  watch(run) {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  }
  moved() {
    for (const run of this.watchers) run(this.box);
  }

  get near() {
    return this.home[2] / this.box[2];
  }

  set(box) {
    const [x, y, width] = box,
      ratio = this.home[3] / this.home[2];
    const wide = Math.min(this.home[2], Math.max(this.home[2] / 160, width));
    const [left, top, right, bottom] = [this.home[0], this.home[1], this.home[0] + this.home[2], this.home[1] + this.home[3]];
    // Half a screen beyond the edge may be looked at, so that a place at the coast can stand in the middle.
    const slackX = wide < this.home[2] ? wide / 2 : 0,
      slackY = slackX * ratio;
    const held = (value, low, high) => (high < low ? (low + high) / 2 : Math.min(Math.max(value, low), high));
    this.box = [held(x, left - slackX, right - wide + slackX), held(y, top - slackY, bottom - wide * ratio + slackY), wide, wide * ratio];
    this.moved();
  }
  zoom(factor, x = this.box[0] + this.box[2] / 2, y = this.box[1] + this.box[3] / 2) {
    const wide = Math.min(this.home[2], Math.max(this.home[2] / 160, this.box[2] * factor)),
      real = wide / this.box[2];
    this.set([x - (x - this.box[0]) * real, y - (y - this.box[1]) * real, wide]);
  }
  pan(dx, dy) {
    this.set([this.box[0] + dx, this.box[1] + dy, this.box[2]]);
  }
  whole() {
    this.set(this.home);
  }
  toZone() {
    if (!this.zone) return;
    const [x, y, w, h] = this.zone,
      side = w * 1.15;
    this.set([x + w / 2 - side / 2, y + h / 2 - (side * this.home[3]) / this.home[2] / 2, side]);
  }
  /** Bring a point into sight, without coming nearer than it has to. */
  show([x, y], share = 0.35) {
    const [left, top, w, h] = this.box,
      inside = x > left + 0.1 * w && x < left + 0.9 * w && y > top + 0.1 * h && y < top + 0.9 * h;
    if (inside && w <= this.home[2] * share * 1.4) return;
    const wide = Math.min(w, this.home[2] * share);
    this.set([x - wide / 2, y - (wide * this.home[3]) / this.home[2] / 2, wide]);
  }
  /** Three whole numbers for the address, or "" for the whole region. */
  text() {
    return this.box[2] >= this.home[2] * 0.999 ? "" : this.box.slice(0, 3).map(Math.round).join("_");
  }
  read(text) {
    const box = String(text || "")
      .split("_")
      .map(Number);
    if (box.length === 3 && box.every(Number.isFinite) && box[2] > 0) this.set(box);
    else this.whole();
  }
}
