/* Every strategy and zone beside the scenario under the hand, need by need. */

import * as api from "../api.js";
import { fresh, h } from "../dom.js";
import { say, t } from "../text.js";
import { named } from "../atlas.js";
import { why } from "./badge.js";
import { dialog } from "./dialog.js";
import { byKey, matrixLegend, matrixOf } from "./needs.js";
import { solveOnce } from "../solver.js";

/** The columns of all presets; a preset that is not solved yet is solved now, one after the other. */
async function columnOf(app, preset) {
  if (!app.options.has(preset.id)) {
    const answer = await solveOnce(app.atlas.id, { preset: preset.id }, { matrix: true });
    app.options.set(
      preset.id,
      answer.outcome === "solved"
        ? { rows: byKey(answer.matrix.rows) }
        : { rows: null, reason: why(answer.certificate, answer.reason, app.atlas) },
    );
  }
  return app.options.get(preset.id);
}

export function optionsDialog(app) {
  const { atlas } = app,
    body = h("div", { class: "stack" }),
    bar = h("progress", { max: atlas.levers.presets.length, value: 0, "aria-label": t("needs.solving") });
  const names = { strategy: (preset) => atlas.government(preset.government), zone: () => t("lever.zones"), joint: () => t("lever.zones") };
  const column = (preset, found) => ({
    id: preset.id,
    name: say(named(preset)),
    group: preset.kind === "strategy" ? preset.government : "zones",
    groupTitle: (names[preset.kind] || names.zone)(preset),
    rows: found?.rows || null,
    reason: found?.reason || t("badge.checking"),
  });
  let open = true;
  const draw = () => {
    const columns = atlas.levers.presets.map((preset) => column(preset, app.options.get(preset.id)));
    if (app.active && app.solver.matrix)
      columns.push({ id: "", name: app.title, group: "own", groupTitle: t("words.scenario"), rows: byKey(app.solver.matrix.rows) });
    fresh(
      body,
      matrixLegend(),
      matrixOf(
        atlas.baseline.matrix.filter((row) => row.line === "1"),
        columns,
        {
          onColumn: (id) => {
            box.close();
            app.start(`preset:${id}`);
          },
        },
      ),
      h("p", { class: "sub" }, t("needs.options_note")),
    );
  };
  const box = dialog(t("needs.all_options"), [bar, body], {
    wide: true,
    onclose: () => {
      open = false;
    },
  });
  draw();
  (async () => {
    for (const preset of atlas.levers.presets) {
      if (!open) return;
      try {
        await columnOf(app, preset);
      } catch (error) {
        if (error instanceof api.Away) {
          fresh(body, h("p", { class: "fault" }, t("top.away")));
          return;
        }
        app.options.set(preset.id, { rows: null, reason: error.message });
      }
      bar.value += 1;
      if (open) draw();
    }
    bar.hidden = true;
  })();
}
