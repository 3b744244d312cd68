/* A region of the user's own: upload a folder or its tables, and read every fault at once. Nothing is kept of a refused upload. */

import * as api from "../api.js";
import { fresh, h, icon } from "../dom.js";
import { say, t } from "../text.js";
import { named } from "../atlas.js";
import { confirmed, faultList, toast } from "../panels/dialog.js";

const wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const base64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer()),
    parts = [];
  for (let i = 0; i < bytes.length; i += 32768) parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)));
  return btoa(parts.join(""));
};
/** The name of a file inside its folder: the uploaded folder's own name is left out. */
const inside = (file) => (file.webkitRelativePath ? file.webkitRelativePath.split("/").slice(1).join("/") : file.name);

export class Screen {
  constructor(app) {
    this.app = app;
    this.files = [];
    this.state = "";
    this.input = h("input", {
      type: "file",
      multiple: true,
      id: "region-files",
      class: "unseen",
      onchange: () => this.choose([...this.input.files]),
    });
    this.name = h("input", { type: "text", id: "region-name", value: t("upload.name_default") });
    this.drop = h("label", {
      class: "drop",
      for: "region-files",
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => {
        event.preventDefault();
        this.choose([...event.dataTransfer.files]);
      },
    });
    this.answer = h("div", { class: "upload-answer", role: "status", "aria-live": "polite" });
    this.list = h("section", { class: "panel" });
    this.send = h(
      "button",
      { type: "button", class: "button strong", id: "upload", disabled: true, onclick: () => this.upload() },
      icon("up"),
      t("upload.send"),
    );
    this.element = h(
      "div",
      { class: "page" },
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("upload.title")), h("p", { class: "sub" }, t("upload.lead")))),
      h(
        "div",
        { class: "library-grid" },
        h(
          "section",
          { class: "panel stack" },
          h("label", { class: "field" }, h("span", {}, t("upload.name")), this.name),
          this.input,
          this.drop,
          this.send,
          this.answer,
        ),
        this.list,
      ),
    );
    this._drop();
    this._regions();
  }
  remove() {
    this.gone = true;
  }

  _drop() {
    const size = this.files.reduce((sum, file) => sum + file.size, 0);
    fresh(
      this.drop,
      icon("up"),
      h("b", {}, t("upload.choose")),
      h(
        "span",
        { class: "sub" },
        this.files.length ? t("upload.chosen", { count: this.files.length, size: (size / 1e6).toFixed(1) }) : t("upload.what"),
      ),
    );
    this.send.disabled = !this.files.length;
  }
  choose(files) {
    this.files = files;
    fresh(this.answer);
    this._drop();
  }

  async upload() {
    const limit = api.whoami()?.limits?.upload_bytes,
      size = this.files.reduce((sum, file) => sum + file.size, 0);
    if (limit && size > limit) {
      fresh(this.answer, h("p", { class: "fault" }, t("upload.too_large", { limit: (limit / 1e6).toFixed(0) })));
      return;
    }
    fresh(this.answer, h("p", {}, h("span", { class: "spin" }), " ", t("upload.checking")));
    this.send.disabled = true;
    try {
      const [first] = this.files,
        zip = this.files.length === 1 && /\.zip$/i.test(first.name);
      const made = zip
        ? await api.uploadRegion(this.name.value, first, "application/zip")
        : await api.uploadRegion(this.name.value, {
            files: await Promise.all(this.files.map(async (file) => ({ name: inside(file), base64: await base64(file) }))),
          });
      await this._calibrated(made.id);
    } catch (error) {
      fresh(
        this.answer,
        h(
          "div",
          { class: "refusal" },
          h("h2", {}, icon("warn"), " ", t("upload.refused", { count: error.faults?.length || 1 })),
          faultList(error.faults, error.faults?.length ? "" : error.message),
          h("p", { class: "sub" }, t("upload.nothing_kept")),
        ),
      );
    }
    this.send.disabled = !this.files.length;
  }

  async _calibrated(id) {
    for (;;) {
      const { regions } = await api.regions(),
        now = regions.find((region) => region.id === id);
      this.app.regions = regions;
      if (this.gone) return;
      if (!now || now.state === "refused") throw new api.Refused(422, { error: now?.error || t("upload.gone"), faults: now?.faults });
      if (now.state === "ready") break;
      fresh(this.answer, h("p", {}, h("span", { class: "spin" }), " ", t(`top.state_${now.state}`)));
      await wait(400);
    }
    this.files = [];
    this._drop();
    this._regions();
    fresh(
      this.answer,
      h(
        "div",
        { class: "accepted" },
        h("h2", {}, icon("tick"), " ", t("upload.accepted")),
        h("button", { type: "button", class: "button strong", id: "open-region", onclick: () => this.open(id) }, t("upload.open")),
      ),
    );
  }
  open(id) {
    this.app.store.set({ region: id, view: "explore", from: "", draft: null, place: "", cam: "", show: "", a: "", b: "" });
  }

  _regions() {
    const row = (region) =>
      h(
        "tr",
        {},
        h(
          "th",
          { scope: "row" },
          h("button", { type: "button", class: "link-button", onclick: () => this.open(region.id) }, say(named(region))),
          h(
            "small",
            { class: "block" },
            t(region.places ? "upload.size" : "upload.size_unknown", { places: region.places, year: region.year }),
          ),
        ),
        h("td", {}, t(`top.state_${region.state}`)),
        h(
          "td",
          { class: "acts" },
          h(
            "a",
            {
              class: "icon-button",
              href: api.regionFolder(region.id),
              download: "",
              title: t("upload.download"),
              "aria-label": `${t("upload.download")}: ${say(named(region))}`,
            },
            icon("down"),
          ),
          region.own &&
            h(
              "button",
              {
                type: "button",
                class: "icon-button",
                title: t("library.delete"),
                "aria-label": `${t("library.delete")}: ${say(named(region))}`,
                onclick: () => this.remove_(region),
              },
              icon("close"),
            ),
        ),
      );
    fresh(
      this.list,
      h("h2", {}, t("upload.regions")),
      h("table", { class: "plain-table" }, h("tbody", {}, this.app.regions.map(row))),
      h("h3", {}, t("upload.how")),
      h("p", { class: "sub" }, t("upload.how_text")),
      h("p", {}, h("code", {}, "bridgehead new my-region")),
      h("p", {}, h("code", {}, "bridgehead check my-region")),
    );
  }
  async remove_(region) {
    if (!(await confirmed(t("library.delete"), t("library.delete_sure", { name: say(named(region)) }), t("library.delete")))) return;
    try {
      await api.dropRegion(region.id);
      this.app.regions = (await api.regions()).regions;
      this._regions();
      toast(t("library.deleted"));
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}
