/* One number that a hand moves: a slider with its sourced range drawn on it, and a box for exact values. */

import { h } from "../dom.js";
import { lang, t } from "../text.js";
import { scaled } from "../numbers.js";
import { strengthText, trimmed } from "../lever-words.js";

const FINEST = 1000;

/** How finely a slider moves: in the lever's own steps, so that one press of an arrow key is one step. */
function grainOf({ min, max, step }) {
  return step && (max - min) / step <= FINEST ? step : 10 ** Math.floor(Math.log10((max - min) / 200));
}

/** Position 0 … steps of a value, and back; factors on a logarithmic scale. */
function axis(shape) {
  const { min, max, log } = shape,
    curved = log && min > 0,
    steps = curved ? 200 : Math.round((max - min) / grainOf(shape));
  const to = curved ? (value) => Math.log(value / min) / Math.log(max / min) : (value) => (value - min) / (max - min);
  const from = curved ? (share) => min * (max / min) ** share : (share) => min + share * (max - min);
  return { steps, at: (value) => steps * Math.min(1, Math.max(0, to(value))), value: (at) => tidy(from(at / steps), shape, curved) };
}

/** A value of the slider as a person would have written it: a few digits, no more; near the neutral value exactly that. */
function tidy(value, shape, curved) {
  const grain = grainOf(shape),
    near = Number((curved ? Number(value.toPrecision(3)) : Math.round(value / grain) * grain).toPrecision(10));
  const held = Math.min(shape.max, Math.max(shape.min, near)),
    close = curved ? 0.005 * Math.abs(shape.neutral) : grain / 2;
  return shape.neutral !== null && Math.abs(held - shape.neutral) < close ? shape.neutral : held;
}

/**
 * A slider. shape: strengthShape of a lever; name: what it is called; low, high: the sourced range.
 * moved(value) is called while the hand moves, and when a number is typed.
 */
export function slider({ shape, name, value, low, high, moved, disabled = false }) {
  const line = axis(shape),
    factor = shape.unit ? scaled(1, shape.unit, lang()) : 1;
  const range = h("input", { type: "range", class: "range", min: 0, max: line.steps, step: 1, "aria-label": name, disabled });
  const box = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "exact",
    "aria-label": t("lever.exact", { name }),
    disabled,
    size: 6,
  });
  const unit = shape.factor ? "" : shape.unit?.[lang()] || "";
  let now = value;

  const show = () => {
    const text = strengthText(shape, now, lang());
    range.value = String(Math.round(line.at(now)));
    range.setAttribute("aria-valuetext", text);
    range.style.setProperty("--at", `${(100 * line.at(now)) / line.steps}%`);
    if (shape.neutral !== null) range.style.setProperty("--zero", `${(100 * line.at(shape.neutral)) / line.steps}%`);
    range.classList.toggle("moved", now !== shape.neutral);
    if (document.activeElement !== box) box.value = trimmed(now * factor, 4);
  };
  if (low !== undefined || high !== undefined) {
    range.style.setProperty("--low", `${(100 * line.at(low ?? shape.min)) / line.steps}%`);
    range.style.setProperty("--high", `${(100 * line.at(high ?? shape.max)) / line.steps}%`);
    range.classList.add("ranged");
  }
  range.addEventListener("input", () => {
    now = line.value(Number(range.value));
    show();
    moved(now);
  });
  box.addEventListener("change", () => {
    const typed = Number(box.value.replace(/[,\s%×]/g, "").replace("−", "-")),
      wanted = typed / factor;
    box.classList.toggle("wrong", !Number.isFinite(typed));
    if (Number.isFinite(typed)) {
      now = Math.min(shape.hardMax, Math.max(shape.hardMin, wanted));
      moved(now);
    }
    box.blur();
    show();
  });
  show();
  const element = h(
    "div",
    { class: "slider" },
    range,
    h(
      "span",
      { class: "exact-box" },
      shape.factor && h("span", { class: "unit", "aria-hidden": "true" }, "×"),
      box,
      unit && h("span", { class: "unit" }, unit),
    ),
  );
  return {
    element,
    set(next) {
      if (next === now) return;
      now = next;
      show();
    },
    focus: () => range.focus(),
    get value() {
      return now;
    },
  };
}
