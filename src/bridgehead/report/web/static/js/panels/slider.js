/* One number that a hand moves: a slider with its sourced range drawn on it, and a box for exact values. */

import { h } from "../dom.js";
import { lang, t } from "../text.js";
import { scaled } from "../numbers.js";
import { strengthText, trimmed } from "../lever-words.js";

const STEPS = 400;

/** Position 0 … STEPS of a value, and back; factors on a logarithmic scale. */
function axis({ min, max, log }) {
  const curved = log && min > 0;
  const to = curved ? (value) => Math.log(value / min) / Math.log(max / min) : (value) => (value - min) / (max - min);
  const from = curved ? (share) => min * (max / min) ** share : (share) => min + share * (max - min);
  return { at: (value) => STEPS * Math.min(1, Math.max(0, to(value))), value: (at) => from(at / STEPS) };
}

/** A value of the slider as a person would have written it: a few digits, no more. */
function tidy(value, { min, max, neutral, step }) {
  const grain = step || 10 ** Math.floor(Math.log10((max - min) / 200));
  const near = Number((Math.round(value / grain) * grain).toPrecision(10));
  const held = Math.min(max, Math.max(min, near));
  return neutral !== null && Math.abs(held - neutral) < grain / 2 ? neutral : held;
}

/**
 * A slider. shape: strengthShape of a lever; name: what it is called; low, high: the sourced range.
 * moved(value) is called while the hand moves, and when a number is typed.
 */
export function slider({ shape, name, value, low, high, moved, disabled = false }) {
  const line = axis(shape), factor = shape.unit ? scaled(1, shape.unit, lang()) : 1;
  const range = h("input", { type: "range", class: "range", min: 0, max: STEPS, step: 1, "aria-label": name, disabled });
  const box = h("input", { type: "text", inputmode: "decimal", class: "exact", "aria-label": t("lever.exact", { name }), disabled, size: 6 });
  const unit = shape.factor ? "" : shape.unit?.[lang()] || "";
  let now = value;

  const show = () => {
    const text = strengthText(shape, now, lang());
    range.value = String(Math.round(line.at(now)));
    range.setAttribute("aria-valuetext", text);
    range.style.setProperty("--at", `${(100 * line.at(now)) / STEPS}%`);
    if (shape.neutral !== null) range.style.setProperty("--zero", `${(100 * line.at(shape.neutral)) / STEPS}%`);
    range.classList.toggle("moved", now !== shape.neutral);
    if (document.activeElement !== box) box.value = trimmed(now * factor, 4);
  };
  if (low !== undefined || high !== undefined) {
    range.style.setProperty("--low", `${(100 * line.at(low ?? shape.min)) / STEPS}%`);
    range.style.setProperty("--high", `${(100 * line.at(high ?? shape.max)) / STEPS}%`);
    range.classList.add("ranged");
  }
  range.addEventListener("input", () => { now = tidy(line.value(Number(range.value)), shape); show(); moved(now); });
  box.addEventListener("change", () => {
    const typed = Number(box.value.replace(/[,\s%×]/g, "").replace("−", "-")), wanted = typed / factor;
    box.classList.toggle("wrong", !Number.isFinite(typed));
    if (Number.isFinite(typed)) { now = Math.min(shape.hardMax, Math.max(shape.hardMin, wanted)); moved(now); }
    box.blur();
    show();
  });
  show();
  const element = h("div", { class: "slider" }, range, h("span", { class: "exact-box" }, shape.factor && h("span", { class: "unit", "aria-hidden": "true" }, "×"), box, unit && h("span", { class: "unit" }, unit)));
  return { element, set(next) { if (next === now) return; now = next; show(); }, focus: () => range.focus(), get value() { return now; } };
}
