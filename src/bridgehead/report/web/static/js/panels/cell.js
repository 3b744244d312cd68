/* Behind one number of the needs: its formula, its baseline, which mechanism moves it, and where the figure comes from. */

import * as api from "../api.js";
import { fresh, h } from "../dom.js";
import { barChart } from "../chart.js";
import { amount, brief, level, scaled } from "../numbers.js";
import { lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { dialog } from "./dialog.js";
import { measureName, needName } from "./needs.js";
import { provenance } from "./provenance.js";

export function cellDialog(app, row, found) {
  const { answer } = app,
    unit = row.unit,
    line = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
  const alone = h("div", {}, h("p", { class: "sub" }, h("span", { class: "spin" }), " ", t("cell.waiting")));
  const parts = [
    h("p", {}, h("b", {}, needName(row)), " · ", measureName(row)),
    h(
      "dl",
      { class: "facts-list" },
      line(t("cell.baseline"), level(row.baseline, unit, lang())),
      found && line(t("cell.value"), level(found.value, unit, lang())),
      found && line(t("cell.change"), typeof found.change === "number" ? amount(found.change, unit, lang(), { signed: true }) : "–"),
      typeof row.target === "number" && line(t("cell.target"), String(row.target)),
      line(t("cell.formula"), row.formula),
    ),
    found?.note && h("p", { class: "sub" }, found.note),
    app.active && h("section", {}, h("h3", {}, t("cell.alone")), alone),
    app.offers("ranges") &&
      h(
        "button",
        {
          type: "button",
          class: "small-button",
          onclick: () => {
            box.close();
            app.go("ranges", { cell: `${row.need}|${row.line}` });
          },
        },
        t("cell.how_sure"),
      ),
    answer && provenance(app, answer),
  ];
  const box = dialog(t("cell.title"), parts);
  if (app.active && answer) _mechanisms(answer, row, alone);
}

async function _mechanisms(answer, row, place) {
  try {
    const { mechanisms, rows } = await api.mechanisms(answer.key),
      own = rows.find((each) => each.need === row.need && each.line === row.line),
      names = new Map(mechanisms.map((one) => [one.id, say(named(one))]));
    const bars = Object.entries(own?.alone || {})
      .map(([id, value]) => ({ name: names.get(id) || id, value: typeof value === "number" ? scaled(value, row.unit, lang()) : null }))
      .sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
    fresh(
      place,
      bars.length
        ? [barChart({ rows: bars, title: t("cell.alone"), format: brief, label: 180 }), h("p", { class: "sub" }, t("cell.alone_note"))]
        : h("p", { class: "sub" }, "–"),
    );
  } catch (error) {
    fresh(place, h("p", { class: "fault" }, error.message));
  }
}
