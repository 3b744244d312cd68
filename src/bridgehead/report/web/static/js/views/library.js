/* The library of scenarios: named, annotated, copied, brought in and out as TOML, with who changed what when. */

import * as api from "../api.js";
import { fresh, h, icon } from "../dom.js";
import { lang, say, t } from "../text.js";
import { named } from "../atlas.js";
import { ask, confirmed, faultList, toast } from "../panels/dialog.js";
import { leverName } from "../lever-words.js";

/** A time of the server as the reader's own. */
export const when = (text) => {
  const at = new Date(text);
  return Number.isNaN(at.getTime())
    ? text
    : at.toLocaleString(lang() === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
};

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.chosen = null;
    this.file = h("input", {
      type: "file",
      accept: ".toml,application/toml",
      class: "unseen",
      tabindex: -1,
      "aria-hidden": "true",
      onchange: () => this.bring(),
    });
    this.list = h("div", {});
    this.side = h("section", { class: "panel history" });
    this.fault = h("div", { role: "alert" });
    this.element = h(
      "div",
      { class: "page" },
      h(
        "div",
        { class: "page-head" },
        h("div", {}, h("h1", {}, t("library.title")), h("p", { class: "sub" }, t("library.lead"))),
        h(
          "button",
          { type: "button", class: "button", id: "import-scenario", onclick: () => this.file.click() },
          icon("up"),
          t("library.import"),
        ),
        this.file,
      ),
      this.fault,
      h("div", { class: "library-grid" }, this.list, this.side),
    );
    this.stop = app.listen((event) => {
      if (event.phase === "saved") this.draw();
    });
    this.draw();
    app.loadSaved();
  }
  remove() {
    this.stop();
  }

  draw() {
    const { saved } = this.app;
    fresh(
      this.list,
      saved.length
        ? h(
            "div",
            { class: "panel scroll" },
            h(
              "table",
              { class: "plain-table library" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  [t("library.name"), t("library.note"), t("library.changed"), ""].map((text) => h("th", { scope: "col" }, text)),
                ),
              ),
              h(
                "tbody",
                {},
                saved.map((entry) => this._row(entry)),
              ),
            ),
          )
        : h("div", { class: "panel intro" }, h("p", {}, t("library.none"))),
      this._presets(),
    );
    if (!this.chosen) fresh(this.side, h("h2", {}, t("library.history")), h("p", { class: "sub" }, t("library.choose")));
  }

  _row(entry) {
    const levers = entry.scenario.lever || [];
    const act = (name, text, run) =>
      h("button", { type: "button", class: "icon-button", title: text, "aria-label": `${text}: ${entry.name}`, onclick: run }, icon(name));
    return h(
      "tr",
      { class: this.chosen === entry.id ? "chosen" : "", "data-id": entry.id },
      h(
        "th",
        { scope: "row" },
        h("button", { type: "button", class: "link-button name", onclick: () => this.open(entry) }, say(named(entry))),
        h("small", { class: "block" }, t("library.levers", { count: levers.length })),
      ),
      h("td", {}, entry.note || "–"),
      h("td", {}, when(entry.changed), h("small", { class: "block" }, t("library.by", { who: entry.changed_by }))),
      h(
        "td",
        { class: "acts" },
        act("info", t("library.history"), () => this.history(entry)),
        act("copy", t("library.duplicate"), () => this.copy(entry)),
        act("pen", t("library.rename"), () => this.rename(entry)),
        act("note", t("library.annotate"), () => this.annotate(entry)),
        h(
          "a",
          {
            class: "icon-button",
            href: api.scenarioFile(entry.id),
            download: "",
            title: t("library.export"),
            "aria-label": `${t("library.export")}: ${entry.name}`,
          },
          icon("down"),
        ),
        act("close", t("library.delete"), () => this.drop(entry)),
      ),
    );
  }

  _presets() {
    return h(
      "details",
      { class: "panel presets" },
      h("summary", {}, t("library.presets", { count: this.atlas.levers.presets.length })),
      h(
        "ul",
        {},
        this.atlas.levers.presets.map((preset) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: "link-button",
                onclick: () => {
                  this.app.start(`preset:${preset.id}`);
                  this.app.store.set({ view: "explore" });
                },
              },
              say(named(preset)),
            ),
            h("p", { class: "sub" }, say({ en: preset.describe, zh: preset.describe_zh })),
          ),
        ),
      ),
    );
  }

  open(entry) {
    this.app.start(`saved:${entry.id}`);
    this.app.store.set({ view: "explore" });
  }

  /** Do something with the library and read it again; what goes wrong is said. */
  async _do(work, done = "") {
    fresh(this.fault);
    try {
      await work();
      await this.app.loadSaved();
      if (done) toast(done);
    } catch (error) {
      fresh(this.fault, error.status === 409 ? h("p", { class: "fault" }, t("library.conflict")) : faultList(error.faults, error.message));
    }
  }
  async rename(entry) {
    const name = await ask(t("library.rename"), t("library.name"), entry.name);
    if (name && name !== entry.name)
      await this._do(() => api.changeScenario(entry.id, { name, revision: entry.revision }), t("library.saved"));
  }
  async annotate(entry) {
    const note = await ask(t("library.annotate"), t("library.note"), entry.note || "", { long: true });
    if (note !== null && note !== entry.note)
      await this._do(() => api.changeScenario(entry.id, { note, revision: entry.revision }), t("library.saved"));
  }
  async copy(entry) {
    const name = await ask(t("library.duplicate"), t("library.name"), t("library.copy_name", { name: entry.name }));
    if (name) await this._do(() => api.copyScenario(entry.id, { name }), t("library.saved"));
  }
  async drop(entry) {
    if (!(await confirmed(t("library.delete"), t("library.delete_sure", { name: entry.name }), t("library.delete")))) return;
    await this._do(() => api.dropScenario(entry.id), t("library.deleted"));
    if (this.app.from === `saved:${entry.id}`) this.app.start("");
  }
  async bring() {
    const [file] = this.file.files;
    if (!file) return;
    const text = await file.text();
    this.file.value = "";
    await this._do(() => api.importScenario(this.atlas.id, text), t("library.imported"));
  }

  async history(entry) {
    this.chosen = entry.id;
    this.draw();
    try {
      const { history } = await api.history(entry.id);
      const change = (row) => h("li", {}, h("code", {}, row.input), " ", row.a || "–", " → ", row.b || "–");
      const item = (row) =>
        h(
          "li",
          {},
          h(
            "div",
            { class: "history-head" },
            h("b", {}, t(`library.did_${row.action}`)),
            h("span", { class: "sub" }, `${when(row.at)} · ${row.who}`),
          ),
          row.note && h("p", { class: "sub" }, row.note),
          row.changes?.length > 0 && h("ul", { class: "changes" }, row.changes.map(change)),
          row.revision !== entry.revision &&
            h(
              "button",
              {
                type: "button",
                class: "small-button",
                onclick: () =>
                  this._do(async () => {
                    await api.restoreScenario(entry.id, { revision: row.revision });
                    this.chosen = null;
                  }, t("library.restored")),
              },
              icon("reset"),
              t("library.restore", { revision: row.revision }),
            ),
        );
      fresh(
        this.side,
        h("h2", {}, t("library.history_of", { name: entry.name })),
        h("ol", { class: "history-list" }, history.map(item)),
        h(
          "details",
          {},
          h("summary", {}, t("library.levers", { count: entry.scenario.lever.length })),
          h(
            "ul",
            { class: "notes" },
            entry.scenario.lever.map((lever) => h("li", {}, leverName(this.atlas, lever))),
          ),
        ),
      );
    } catch (error) {
      fresh(this.side, h("p", { class: "fault" }, error.message));
    }
  }
}
