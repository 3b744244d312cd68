/* Who gains: the zone's sides, their hosts, the provinces, elsewhere, net; value added beside welfare; people by registration. */

import { fresh, h } from "../dom.js";
import { change, label, scaled } from "../numbers.js";
import { cap, lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { bnUnit } from "./headline.js";
import { overNoise } from "./map-tools.js";

export class GainsPanel {
  constructor(app) {
    this.app = app;
    this.element = h("section", { class: "gains-panel", "aria-label": t("explore.gains") });
    this.show(null);
  }

  show(answer) {
    if (!answer || !this.app.active) {
      fresh(this.element, h("p", { class: "sub" }, t("gains.none")));
      return;
    }
    const unit = bnUnit(answer),
      { atlas } = this.app,
      rows = answer.zone || [];
    const number = (value) => h("td", { class: "num" }, change(scaled(value, unit, lang())));
    const percent = (value) => h("td", { class: "num" }, typeof value === "number" ? `${change(value)} %` : "–");
    const head = (name, first = t("gains.where")) =>
      h(
        "tr",
        {},
        h("th", { scope: "col" }, first),
        h("th", { scope: "col", class: "num" }, t("gains.value_added")),
        h("th", { scope: "col", class: "num" }, t("gains.welfare")),
        name && h("th", { scope: "col", class: "num" }, name),
      );
    const zone = rows.length > 0 && [
      h("h3", {}, t("gains.zone")),
      h("p", { class: "sub" }, t("gains.zone_note"), " ", label(unit, lang())),
      h(
        "table",
        { class: "plain-table gains" },
        h("thead", {}, head(t("gains.own_percent"))),
        h(
          "tbody",
          {},
          rows.map((row) =>
            h(
              "tr",
              { class: row.group },
              h("th", { scope: "row" }, cap(say(named({ id: row.row, ...row })))),
              number(row.value_added),
              number(row.welfare),
              percent(row.value_added_percent),
            ),
          ),
        ),
      ),
    ];
    fresh(this.element, zone, this._provinces(answer, atlas, head), h("p", { class: "sub" }, t("gains.disagree")));
  }

  /** Sums over provinces, from the places' own changes: money adds up, per cents do not and are not shown. */
  _provinces(answer, atlas, head) {
    const sums = new Map(),
      value = overNoise(answer, "value_added_change"),
      welfare = overNoise(answer, "welfare_change"),
      unit = bnUnit(answer);
    atlas.places.forEach((place, i) => {
      if (place.outside || value[i] === null) return;
      const id = place.jurisdictions.province || "",
        sum = sums.get(id) || { value: 0, welfare: 0 };
      sum.value += value[i] / 1000;
      sum.welfare += (welfare[i] || 0) / 1000;
      sums.set(id, sum);
    });
    const number = (each) => h("td", { class: "num" }, change(scaled(each, unit, lang())));
    return [
      h("h3", {}, t("gains.provinces")),
      h(
        "table",
        { class: "plain-table gains" },
        h("thead", {}, head(null, t("words.province"))),
        h(
          "tbody",
          {},
          [...sums].map(([id, sum]) =>
            h("tr", {}, h("th", { scope: "row" }, atlas.jurisdiction(id, "province")), number(sum.value), number(sum.welfare)),
          ),
        ),
      ),
    ];
  }
}
