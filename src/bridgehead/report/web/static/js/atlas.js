/* One region as the page knows it: places with names, boundaries, variables, levers, and its baseline. */

import * as api from "./api.js";
import { borderLevel, sidesOf } from "./draft.js";
import { say } from "./text.js";

/** { name, name_zh } of the server as a pair that say() understands. */
export const named = (thing) => (thing ? { en: thing.name ?? thing.id, zh: thing.name_zh || thing.name || thing.id } : null);
/** A unit of the server, or null. */
export const unitOf = (unit) => (unit && typeof unit === "object" ? unit : unit ? { en: unit, zh: unit, scale_en: 1, scale_zh: 1 } : null);

function geometry(map, region) {
  const order = map.paths.map((path, i) => (path ? i : -1)).filter((i) => i >= 0);
  const sides = (region.zone?.sides || [])
    .map((id) => region.places.findIndex((place) => place.id === id))
    .filter((i) => i >= 0 && map.anchors[i]);
  const mean = (axis) => sides.reduce((sum, i) => sum + map.anchors[i][axis], 0) / sides.length;
  return {
    order,
    paths: map.paths,
    anchors: map.anchors,
    lines: map.lines,
    view: map.view,
    inset: map.inset,
    drawn: map.drawn,
    labels: map.labels.map(({ id, at, ...rest }) => ({ id, x: at[0], y: at[1], ...rest })),
    zoneAt: sides.length ? [mean(0), mean(1)] : null,
    first: sides[0] ?? order[0],
  };
}

export class Atlas {
  constructor(region, map, levers) {
    Object.assign(this, { region, id: region.id, places: region.places, levers });
    this.geo = geometry(map, region);
    this.index = new Map(region.places.map((place, i) => [place.id, i]));
    this.inferred = new Set(region.places.map((place, i) => (place.inferred ? i : -1)).filter((i) => i >= 0));
    this.variables = Object.fromEntries(
      ["level", "change"].map((kind) => [kind, region.variables[kind].map((v) => ({ ...v, kind, unit: unitOf(v.unit) }))]),
    );
    this.baseline = null;
    this.border = borderLevel(this);
    this.sides = sidesOf(this);
  }

  /** Everything that is there before the baseline is: what the first screen draws. */
  static async load(id) {
    const [region, map, levers] = await Promise.all([api.region(id), api.regionMap(id), api.levers(id)]);
    return new Atlas(region, map, levers);
  }

  async loadBaseline() {
    this.baseline = await api.baseline(this.id);
    return this.baseline;
  }

  get name() {
    return say(named(this.region));
  }
  place(i) {
    return say(named(this.places[i]));
  }
  placeOf(id) {
    const i = this.index.get(id);
    return i === undefined ? this.jurisdiction(id) : this.place(i);
  }
  /** The name of a jurisdiction of any level, or of a place; the id where there is none. */
  jurisdiction(id, level = null) {
    for (const [key, list] of Object.entries(this.region.jurisdictions)) {
      const found = (!level || level === key) && list.find((each) => each.id === id);
      if (found && found.name) return say(named(found));
    }
    const i = this.index.get(id);
    return i === undefined ? String(id) : this.place(i);
  }
  /** The name of an origin of people or of a sector; the id where it is neither. */
  originOrSector(id) {
    return say(named([...this.region.origins, ...this.region.sectors].find((each) => each.id === id)), id);
  }
  province(i) {
    const id = this.places[i].jurisdictions.province;
    return id ? this.jurisdiction(id, "province") : "";
  }
  fullName(i) {
    const above = this.province(i);
    return above && above !== this.place(i) ? `${this.place(i)} · ${above}` : this.place(i);
  }
  government(id) {
    return say(named(this.region.governments.find((g) => g.id === id)), this.jurisdiction(id));
  }
  variable(id) {
    const [kind, key] = (id || "").split(":");
    return this.variables[kind]?.find((v) => v.id === key) || null;
  }
  kind(lever) {
    return this.levers.kinds.find((kind) => kind.lever === lever);
  }
  preset(id) {
    return this.levers.presets.find((preset) => preset.id === id);
  }
  get zoned() {
    return Boolean(this.region.zone);
  }
  /** "city" where the zone is the Sci-Tech City of the case, "plain" for any other zone. */
  get zoneKind() {
    return this.levers.presets.some((preset) => preset.id === "sci_tech_city") ? "city" : "plain";
  }

  /** The values of a baseline variable by place; [] while there is no baseline. */
  levels(variable) {
    return this.baseline?.levels?.[variable.id] || this.baseline?.places?.[variable.id] || [];
  }
  /** The places whose value of a variable rests on an inferred fact. */
  guessed(variable) {
    const marks = variable?.kind === "level" && this.baseline?.inferred?.[variable.id];
    return marks ? new Set(marks.map((mark, i) => (mark ? i : -1)).filter((i) => i >= 0)) : this.inferred;
  }
}
