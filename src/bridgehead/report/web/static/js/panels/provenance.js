/* Which data and which run a figure comes from, and the files of that run. */

import * as api from "../api.js";
import { h, icon } from "../dom.js";
import { say, t } from "../text.js";
import { named } from "../atlas.js";

const FILES = ["report.html", "report.pdf", "places.csv", "places.parquet", "places.gpkg", "solution.zip", "scenario.toml"];

/** The run behind the figures on the screen. */
export function provenance(app, answer) {
  const hash = (text) => h("code", { title: text }, (text || "").slice(0, 12));
  return h("details", { class: "provenance" }, h("summary", {}, icon("info"), t("run.where_from")), h("dl", {},
    h("dt", {}, t("run.region")), h("dd", {}, say(named(app.atlas.region)), " · ", String(app.atlas.region.year)),
    h("dt", {}, t("run.data")), h("dd", {}, hash(answer.data_hash)), h("dt", {}, t("run.key")), h("dd", {}, hash(answer.key)),
    h("dt", {}, t("run.scenario")), h("dd", {}, answer.name || t("words.baseline")), h("dt", {}, t("run.version")), h("dd", {}, `Bridgehead ${answer.certificate.version}`)),
    h("p", { class: "sub" }, t("run.again"), " ", h("code", {}, `bridgehead solve ${app.atlas.id} --scenario scenario.toml --out out`)));
}

/** Files of a solved scenario. */
export const downloads = (answer) => h("details", { class: "downloads" }, h("summary", {}, icon("down"), t("run.downloads")),
  h("ul", {}, FILES.map((file) => h("li", {}, h("a", { href: api.download(answer.key, file), download: "" }, t(`run.file_${file.replace(/\W/g, "_")}`))))));
