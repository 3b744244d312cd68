/* Classes of the map's shades: the same rules as the report's (figures/breaks.py), and breaks that stay while a hand moves. */

export const SEQUENTIAL = ["#eef3ee", "#cfe3d8", "#a3ccc1", "#6dacab", "#3b8592", "#1d5c74", "#123a56"];
export const DIVERGING = ["#8a4203", "#c46a12", "#e9a04f", "#f8d3a3", "#f4f4f1", "#c4dcee", "#7fb2d9", "#3c7fb8", "#124b82"];
export const NO_VALUE = "#e4e3df";

const finite = (values) => values.filter((value) => typeof value === "number" && Number.isFinite(value));

function quantile(sorted, q) {
  const at = (sorted.length - 1) * q,
    low = Math.floor(at),
    high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

const digits = (value, decimals) => Number(value.toFixed(Math.min(100, Math.max(0, decimals))));

function rounded(value) {
  if (value === 0) return 0;
  const decimals = 1 - Math.floor(Math.log10(Math.abs(value)));
  if (decimals >= 0) return digits(value, decimals);
  const step = 10 ** -decimals;
  return Math.round(value / step) * step;
}

/** Six bounds for seven shades: quantiles, rounded to two digits, strictly rising. */
export function sequentialBreaks(values) {
  const sorted = finite(values).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const bounds = [0.1, 0.27, 0.44, 0.61, 0.78, 0.92].map((q) => rounded(quantile(sorted, q)));
  return [...new Set(bounds)].sort((a, b) => a - b);
}

function thirds(lead, power) {
  const bounds = [];
  for (let step = 0, factor = lead, exponent = power; step < 4; step += 1) {
    bounds.push(factor * 10 ** exponent);
    if (factor === 3) factor = 1;
    else {
      factor = 3;
      exponent -= 1;
    }
  }
  return bounds;
}

/** Eight bounds symmetric around zero; the outermost near the 98th percentile of the size. */
export function divergingBreaks(values) {
  const sizes = finite(values)
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort((a, b) => a - b);
  if (!sizes.length) return [];
  const middle = quantile(sizes, 0.4);
  let top = quantile(sizes, 0.98);
  const steep = top > 60 * middle;
  top *= 1.15;
  const power = Math.floor(Math.log10(top)),
    lead = top >= 3 * 10 ** power ? 3 : 1;
  const made = steep ? [0, 1, 2, 3].map((step) => lead * 10 ** (power - step)) : thirds(lead, power);
  const positive = made.map((bound) => digits(bound, 12 - Math.min(power, 0))).sort((a, b) => a - b);
  return [...positive.map((bound) => -bound).reverse(), ...positive];
}

/** How many bounds lie at or below a value; null where there is none. */
export function classOf(value, breaks) {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  let index = 0;
  while (index < breaks.length && value >= breaks[index]) index += 1;
  return index;
}

const spread = (count) =>
  count <= 1
    ? [SEQUENTIAL[2]]
    : Array.from({ length: count }, (_, i) => SEQUENTIAL[Math.round((i * (SEQUENTIAL.length - 1)) / (count - 1))]);

/** A scale from values: breaks with their colours. `diverging` centres on zero. */
export function scaleOf(values, diverging) {
  const breaks = diverging ? divergingBreaks(values) : sequentialBreaks(values);
  const colours = diverging ? (breaks.length ? DIVERGING : [DIVERGING[4]]) : spread(breaks.length + 1);
  return { breaks, colours, diverging };
}

export const shade = (value, scale) => {
  const index = classOf(value, scale.breaks);
  return index === null ? NO_VALUE : scale.colours[index];
};

/** Whether a scale still tells these values apart: false where nearly all fall in one class, or many in the outermost two. */
export function fits(scale, values) {
  const moved = finite(values).filter((value) => value !== 0);
  if (!moved.length) return true;
  if (!scale.breaks.length) return false;
  const counts = new Map();
  for (const value of moved) {
    const i = classOf(value, scale.breaks);
    counts.set(i, (counts.get(i) || 0) + 1);
  }
  const last = scale.colours.length - 1,
    outer = (counts.get(0) || 0) + (counts.get(last) || 0);
  const middle = counts.get((scale.colours.length - 1) / 2) || 0;
  return scale.diverging ? outer <= 0.35 * moved.length && middle < 0.97 * moved.length : true;
}

/** Scales that are made once for a key and kept until asked otherwise, so that no legend moves under the reader's hand. */
export class Sticky {
  constructor() {
    this.kept = new Map();
  }
  /** The kept scale of a key, or a new one when there is none or nothing but zeros made the kept one. */
  scale(key, values, diverging) {
    const before = this.kept.get(key);
    if (before && before.breaks.length) return before;
    const made = scaleOf(values, diverging);
    if (made.breaks.length) this.kept.set(key, made);
    return made;
  }
  forget(key) {
    this.kept.delete(key);
  }
}
