/* The choice of a scenario: own ones, strategies, zones. */

import { h } from "../dom.js";

/** A choice of scenarios. `baseline`: what the choice of none is called, where it means something else than the baseline. */
export function scenarioPicker(app, name, chosen, choose, baseline = "") {
  const option = ([ref, text]) => h("option", { value: ref, selected: ref === chosen }, ref === "baseline" && baseline ? baseline : text);
  const group = ([title, members]) => h("optgroup", { label: title }, members.map(option));
  const select = h("select", { onchange: (event) => choose(event.target.value) }, app.choices.map(group));
  return h("label", { class: "field scenario-pick" }, h("span", {}, name), select);
}
