/* The choice of a scenario: own ones, strategies, zones. */

import { h } from "../dom.js";

export const scenarioPicker = (app, name, chosen, choose) =>
  h(
    "label",
    { class: "field scenario-pick" },
    h("span", {}, name),
    h(
      "select",
      { onchange: (event) => choose(event.target.value) },
      app.choices.map(([group, members]) =>
        h(
          "optgroup",
          { label: group },
          members.map(([ref, text]) => h("option", { value: ref, selected: ref === chosen }, text)),
        ),
      ),
    ),
  );
