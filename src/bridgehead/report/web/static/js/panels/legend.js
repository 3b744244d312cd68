/* The legend of a scale, with its unit; what is hatched and what is dotted is said beside it. */

import { fresh, h, icon } from "../dom.js";
import { bound, label, scaled } from "../numbers.js";
import { lang, t } from "../text.js";

/** Redraw a legend in its element. `again`: shown where the kept classes no longer tell the values apart. */
export function legend(element, { scale, unit, guessed = true, none = true, again = null, title = "" }) {
  const texts = scale.colours.map((_, i) => (i < scale.breaks.length ? bound(scaled(scale.breaks[i], unit, lang())) : ""));
  const room = `${Math.max(2.3, 0.35 + 0.41 * Math.max(...texts.map((text) => text.length))).toFixed(2)}rem`;
  const steps = scale.colours.map((colour, i) =>
    h("span", { class: "step", style: { width: room } }, h("i", { style: { background: colour } }), texts[i] && h("b", {}, texts[i])),
  );
  fresh(
    element,
    h(
      "div",
      { class: "scale" },
      title && h("span", { class: "legend-title" }, title),
      h("span", { class: "steps" }, steps),
      h("span", { class: "legend-unit" }, label(unit, lang())),
    ),
    h(
      "div",
      { class: "keys" },
      guessed && h("span", { class: "key" }, h("i", { class: "swatch guess" }), t("map.inferred_key")),
      none && h("span", { class: "key" }, h("i", { class: "swatch none" }), t("map.none_key")),
      again && h("button", { type: "button", class: "small-button", onclick: again }, icon("reset"), t("map.rescale")),
    ),
  );
  element.setAttribute("aria-label", t("map.legend"));
}
