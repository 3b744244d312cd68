/* Which data and which run a figure comes from, and the files of that run. */

import * as api from "../api.js";
import { fresh, h, icon } from "../dom.js";
import { lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { JobWatch } from "./job.js";

const FILES = ["report.pdf", "places.csv", "places.parquet", "places.gpkg", "solution.zip", "scenario.toml"];

/** The run behind the figures on the screen. */
export function provenance(app, answer) {
  const hash = (text) => h("code", { title: text }, (text || "").slice(0, 12));
  return h(
    "details",
    { class: "provenance" },
    h("summary", {}, icon("info"), t("run.where_from")),
    h(
      "dl",
      {},
      h("dt", {}, t("run.region")),
      h("dd", {}, say(named(app.atlas.region)), " · ", String(app.atlas.region.year)),
      h("dt", {}, t("run.data")),
      h("dd", {}, hash(answer.data_hash)),
      h("dt", {}, t("run.key")),
      h("dd", {}, hash(answer.key)),
      h("dt", {}, t("run.scenario")),
      h("dd", {}, answer.name || t("words.baseline")),
      h("dt", {}, t("run.version")),
      h("dd", {}, `Bridgehead ${answer.certificate.version}`),
    ),
    h("p", { class: "sub" }, t("run.again"), " ", h("code", {}, `bridgehead solve ${app.atlas.id} --scenario scenario.toml --out out`)),
  );
}

/** Which data, version and scenario a longer run came from, its number here, and its files. command: what gives the same on the command line. */
export function jobRun(app, run, job, { command, files = [] }) {
  const line = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];
  const code = (text) => h("code", { title: text }, text.slice(0, 12));
  const link = ([file, text]) => h("a", { class: "small-button", href: api.jobFile(job.id, file), download: "" }, text);
  return h(
    "div",
    { class: "provenance run-of" },
    h("h3", {}, t("run.where_from")),
    h(
      "dl",
      {},
      line(t("run.region"), `${say(named(app.atlas.region))} · ${app.atlas.region.year}`),
      line(t("run.data"), run?.data_hash && code(run.data_hash)),
      line(t("run.scenario"), run?.name || job.name),
      line(t("run.job"), `${job.id} · ${new Date(job.created).toLocaleString(lang() === "zh" ? "zh-CN" : "en-GB")}`),
      line(t("run.version"), run?.version && `Bridgehead ${run.version}`),
    ),
    h("p", { class: "sub" }, t("run.again"), " ", h("code", {}, command)),
    files.length > 0 && h("div", { class: "row wrap" }, files.map(link)),
  );
}

/** What shares the same on the command line. */
export function shareCommand(atlas, { options: { value, years, discount } }) {
  const terms = [years && `--years ${years}`, typeof discount === "number" && `--discount ${discount}`].filter(Boolean);
  return [`bridgehead share ${atlas.id} --scenario scenario.toml --value ${value}`, ...terms].join(" ");
}

/** Files of a solved scenario; the full report takes a moment and is made when asked for. */
export function downloads(app, answer, body = app.bodyOf(app.store.get("draft") ? "draft" : app.from)) {
  const links = h("ul", {}),
    watch = new JobWatch({
      done: (_, job) =>
        fresh(
          links,
          [
            ["report.html", "report.open"],
            ["files.zip", "report.files"],
          ].map(([file, text]) => h("li", {}, h("a", { href: api.jobFile(job.id, file), target: "_blank", rel: "noopener" }, t(text)))),
        ),
    });
  const make =
    app.kinds.includes("appraise") &&
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "small-button",
          id: "make-report",
          onclick: () => watch.start({ kind: "appraise", region: app.atlas.id, ...body, options: { lang: lang() } }),
        },
        t("report.make"),
      ),
      watch.element,
      links,
    );
  return h(
    "details",
    { class: "downloads" },
    h("summary", {}, icon("down"), t("run.downloads")),
    h(
      "ul",
      {},
      make,
      FILES.map((file) =>
        h("li", {}, h("a", { href: api.download(answer.key, file), download: "" }, t(`run.file_${file.replace(/\W/g, "_")}`))),
      ),
    ),
  );
}
