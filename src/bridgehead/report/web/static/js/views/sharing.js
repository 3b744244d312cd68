/* How governments could share what all gain: every rule beside the others, who would sign, and the range of splits. */

import { fresh, h, icon, s } from "../dom.js";
import { change, plain } from "../numbers.js";
import { ticks } from "../chart.js";
import { trimmed } from "../lever-words.js";
import { has, lang, listed, say, t, zh } from "../text.js";
import { named } from "../atlas.js";
import { EarlierRuns } from "../panels/earlier.js";
import { screenWatch } from "../panels/job.js";
import { jobRun, shareCommand } from "../panels/provenance.js";
import { scenarioPicker } from "../panels/scenario-picker.js";

const bn = (million) => (typeof million === "number" ? million / (lang() === "zh" ? 100 : 1000) : null);
const unit = () => t("sharing.unit");

export class Screen {
  constructor(app) {
    this.app = app;
    this.atlas = app.atlas;
    this.result = null;
    this.options = { value: "budget", years: 20, discount: 0.04 };
    this.earlier = new EarlierRuns(app, "share", { open: (id) => this.watch.open(id) });
    this.watch = screenWatch(app, "share", {
      done: (result, job) => {
        this.result = result[lang()];
        this.run = result.run;
        this.job = job;
        this.draw();
      },
      changed: () => {
        this._bar();
        this.earlier.refresh(app.store.get("job"));
      },
    });
    this.bar = h("div", { class: "page-head" });
    this.intro = h("div", { class: "panel intro" }, h("p", {}, t("sharing.intro")));
    this.body = h("div", { class: "grid" });
    this.element = h("div", { class: "page" }, this.bar, this.watch.element, this.intro, this.body, this.earlier.element);
    this._bar();
    if (app.store.get("job")) this.watch.open(app.store.get("job"));
  }
  remove() {
    this.watch.remove();
  }
  update(moved) {
    if (moved.has("b") || moved.has("draft")) this._bar();
  }

  get ref() {
    const joint = this.atlas.levers.presets.find((preset) => preset.kind === "joint");
    return this.app.store.get("b") || this.app.from || (this.app.store.get("draft") ? "draft" : joint ? `preset:${joint.id}` : "baseline");
  }

  _bar() {
    const { options } = this,
      value = (key) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(options.value === key),
            onclick: () => {
              options.value = key;
              this._bar();
            },
          },
          t(`sharing.${key}`),
        );
    const number = (key, text, factor = 1) =>
      h(
        "label",
        { class: "field narrow" },
        h("span", {}, text),
        h("input", {
          type: "text",
          inputmode: "decimal",
          value: options[key] * factor,
          onchange: (event) => {
            const typed = Number(event.target.value) / factor;
            event.target.classList.toggle("wrong", !Number.isFinite(typed));
            if (Number.isFinite(typed)) options[key] = typed;
          },
        }),
      );
    const run = () =>
      this.watch.start({ kind: "share", region: this.atlas.id, ...this.app.bodyOf(this.ref), options: { ...options, governments: null } });
    fresh(
      this.bar,
      h("div", {}, h("h1", {}, t("sharing.title")), h("p", { class: "sub" }, t("sharing.lead"))),
      scenarioPicker(this.app, t("words.scenario"), this.ref, (b) => this.app.store.set({ b })),
      h(
        "div",
        { class: "field" },
        h("span", {}, t("sharing.value")),
        h("div", { class: "seg", role: "group", "aria-label": t("sharing.value") }, value("budget"), value("welfare")),
      ),
      number("years", t("sharing.years")),
      number("discount", t("sharing.discount"), 100),
      h(
        "button",
        { type: "button", class: "button strong", id: "run-share", disabled: this.watch?.going || false, onclick: run },
        icon("play"),
        t("sharing.run"),
      ),
    );
  }

  name(id) {
    return say(named(this.result.names[id]), this.atlas.government(id));
  }

  draw() {
    this.intro.hidden = true;
    fresh(
      this.body,
      this._verdict(),
      this._rules(),
      h("div", { class: "grid two" }, this._frontier(), this._alone()),
      this._balance(),
      this._notes(),
    );
  }

  _verdict() {
    const { verdict } = this.result,
      losers = Object.entries(verdict.losers || {});
    return h(
      "section",
      { class: `panel verdict ${verdict.signs ? "yes" : "no"}` },
      h("h2", {}, icon(verdict.signs ? "tick" : "warn"), " ", t(verdict.signs ? "sharing.signs" : "sharing.no_sign")),
      h(
        "p",
        {},
        verdict.core_empty
          ? t("sharing.core_empty")
          : t(verdict.signs ? "sharing.range_note" : "sharing.grant_note", { grant: plain(bn(verdict.grant)), unit: unit() }),
      ),
      losers.length > 0 &&
        h(
          "p",
          {},
          t("sharing.losers", {
            names: listed(losers.map(([id, value]) => `${this.name(id)} ${change(bn(typeof value === "number" ? value : value?.value))}`)),
          }),
        ),
    );
  }

  /** One row a rule: who gets what, whether each signs, and what carries it out. */
  _rules() {
    const { rules, rule_details: details, governments } = this.result,
      extra = new Map((details || []).map((detail) => [detail.name, detail]));
    const ruleName = (name) => (has(`rule.${name}`) ? t(`rule.${name}`) : name.replace(/_/g, " "));
    const signed = (rule) => {
      const both = rule.individually_rational && rule.in_core,
        why = rule.individually_rational ? t("sharing.leaves") : t("sharing.loses");
      return h(
        "td",
        {},
        h(
          "span",
          { class: `pill-sign ${both ? "yes" : "no"}` },
          icon(both ? "tick" : "close"),
          t(both ? (this.result.governments.length > 2 ? "sharing.all_sign" : "sharing.both_sign") : "sharing.not_sign"),
        ),
        !both && h("small", { class: "block" }, why),
      );
    };
    const paid = (detail) =>
      (detail?.payments || []).map(
        (p) =>
          t("sharing.pays", { payer: this.name(p.payer), receiver: this.name(p.receiver), amount: plain(bn(p.amount)), unit: unit() }) +
          (typeof p.share_of_gain_in_zone === "number" ? t("sharing.of_gain", { share: plain(100 * p.share_of_gain_in_zone) }) : ""),
      );
    const row = (rule) => {
      const detail = extra.get(rule.name),
        undefined_ = !rule.allocation || Object.values(rule.allocation).some((value) => value === null),
        pays = paid(detail);
      return h(
        "tr",
        { class: rule.individually_rational && rule.in_core ? "both" : "" },
        h("th", { scope: "row" }, ruleName(rule.name), undefined_ && detail?.reason && h("small", { class: "block" }, detail.reason)),
        governments.map((id) => h("td", { class: "num" }, change(bn(rule.allocation?.[id])))),
        signed(rule),
        h(
          "td",
          { class: "how" },
          pays.length ? pays.join(zh() ? "；" : "; ") : t("sharing.no_payment"),
          h("small", { class: "block" }, t("sharing.for_years", { years: trimmed(rule.years) })),
        ),
      );
    };
    const heads = [t("sharing.rule"), ...governments.map((id) => this.name(id)), t("sharing.would_sign"), t("sharing.how")];
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, t("sharing.rules")),
      h("p", { class: "sub" }, t("sharing.rules_note", { unit: unit() })),
      h(
        "div",
        { class: "scroll" },
        h(
          "table",
          { class: "plain-table rules" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              heads.map((text, i) => h("th", { scope: "col", class: i && i < heads.length - 2 ? "num" : "" }, text)),
            ),
          ),
          h("tbody", {}, rules.map(row)),
        ),
      ),
    );
  }

  /** The first two governments against each other: the range both accept, and where each rule falls. */
  _frontier() {
    const {
        governments: [one, two],
        rules,
        verdict,
        coalitions,
      } = this.result,
      alone = (id) => coalitions.find((c) => c.members.length === 1 && c.members[0] === id)?.value ?? 0;
    const points = rules
      .filter((rule) => typeof rule.allocation?.[one] === "number")
      .map((rule, i) => ({
        rule: rule.name,
        number: i + 1,
        x: bn(rule.allocation[one]),
        y: bn(rule.allocation[two]),
        ok: rule.individually_rational && rule.in_core,
      }));
    const x0 = bn(alone(one)),
      y0 = bn(alone(two)),
      span = verdict.acceptable,
      right = bn(span?.[one]?.[1]) ?? x0,
      top = bn(span?.[two]?.[1]) ?? y0;
    const xs = [0, x0, right, ...points.map((p) => p.x)],
      ys = [0, y0, top, ...points.map((p) => p.y)],
      W = 520,
      H = 380,
      L = 64,
      B = 46,
      R = 18,
      T = 14;
    const lowX = Math.min(...xs),
      highX = Math.max(...xs) * 1.06,
      lowY = Math.min(...ys),
      highY = Math.max(...ys) * 1.06;
    const px = (value) => L + ((W - L - R) * (value - lowX)) / (highX - lowX || 1),
      py = (value) => H - B - ((H - T - B) * (value - lowY)) / (highY - lowY || 1);
    const drawing = s(
      "svg",
      { class: "chart", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": t("sharing.frontier") },
      verdict.signs && s("path", { class: "accept", d: `M${px(x0)} ${py(y0)}H${px(right)}L${px(x0)} ${py(top)}z` }),
      s("line", { class: "threat", x1: px(x0), x2: px(x0), y1: T, y2: H - B }),
      s("line", { class: "threat", x1: L, x2: W - R, y1: py(y0), y2: py(y0) }),
      s("line", { class: "axis", x1: L, x2: W - R, y1: H - B, y2: H - B }),
      s("line", { class: "axis", x1: L, x2: L, y1: T, y2: H - B }),
      s("text", { class: "tick", x: W - R, y: H - 8, "text-anchor": "end" }, `${this.name(one)} · ${unit()}`),
      s(
        "text",
        { class: "tick", x: L - 50, y: T + 2, transform: `rotate(-90 ${L - 50} ${T + 2})`, "text-anchor": "end" },
        `${this.name(two)} · ${unit()}`,
      ),
      ticks(lowX, highX, 4).map((value) =>
        s("text", { class: "tick", x: px(value), y: H - B + 16, "text-anchor": "middle" }, plain(value)),
      ),
      ticks(lowY, highY, 4).map((value) => s("text", { class: "tick", x: L - 6, y: py(value) + 4, "text-anchor": "end" }, plain(value))),
      points.map((p) => [
        s("circle", { class: p.ok ? "point ok" : "point", cx: px(p.x), cy: py(p.y), r: 10 }),
        s("text", { class: p.ok ? "point-name ok" : "point-name", x: px(p.x), y: py(p.y) + 4, "text-anchor": "middle" }, String(p.number)),
      ]),
    );
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, t("sharing.frontier")),
      h("p", { class: "sub" }, t("sharing.frontier_note")),
      drawing,
      h(
        "ol",
        { class: "point-list" },
        points.map((p) => h("li", {}, h("b", {}, String(p.number)), " ", has(`rule.${p.rule}`) ? t(`rule.${p.rule}`) : p.rule)),
      ),
    );
  }

  _alone() {
    const { coalitions, verdict, governments } = this.result,
      head = (first) => h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), h("th", { scope: "col", class: "num" }, unit())));
    const groups = coalitions.filter((c) => c.members.length);
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, t("sharing.coalitions")),
      h("p", { class: "sub" }, t("sharing.coalitions_note")),
      h(
        "table",
        { class: "plain-table" },
        head(t("sharing.who")),
        h(
          "tbody",
          {},
          groups.map((c) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, c.members.map((id) => this.name(id)).join(" + ")),
              h("td", { class: "num" }, change(bn(c.value))),
            ),
          ),
        ),
      ),
      h("h3", {}, t("sharing.acceptable")),
      h(
        "table",
        { class: "plain-table" },
        head(t("sharing.who")),
        h(
          "tbody",
          {},
          governments.map((id) => {
            const [low, high] = verdict.acceptable?.[id] || [null, null];
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, this.name(id)),
              h("td", { class: "num" }, low === null ? "–" : t("sharing.span", { low: plain(bn(low)), high: plain(bn(high)) })),
            );
          }),
        ),
      ),
    );
  }

  _balance() {
    const { balance } = this.result;
    if (!balance?.length) return null;
    const items = [...new Set(balance.flatMap((row) => Object.keys(row.items || {})))],
      itemName = (id) => (has(`item.${id}`) ? t(`item.${id}`) : id.replace(/_/g, " "));
    const line = (name, value, css = "") =>
      h(
        "tr",
        { class: css },
        h("th", { scope: "row" }, name),
        balance.map((row) => h("td", { class: "num" }, change(bn(value(row))))),
      );
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, t("sharing.balance")),
      h("p", { class: "sub" }, t("sharing.balance_note", { unit: unit() })),
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, ""),
            balance.map((row) => h("th", { scope: "col", class: "num" }, this.name(row.government))),
          ),
        ),
        h(
          "tbody",
          {},
          items.map((id) => line(itemName(id), (row) => row.items[id])),
          line(t("sharing.budget"), (row) => row.budget, "total"),
          line(t("sharing.welfare"), (row) => row.welfare),
        ),
      ),
    );
  }
  _notes() {
    const { notes, terms } = this.result;
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, t("sharing.notes")),
      h("p", { class: "sub" }, t("sharing.terms", { years: terms?.years ?? "–", discount: trimmed(100 * (terms?.discount ?? 0)) })),
      h(
        "ul",
        { class: "notes" },
        (notes || []).map((note) => h("li", {}, typeof note === "string" ? note : say(note))),
      ),
      jobRun(this.app, this.run, this.job, { command: shareCommand(this.atlas, this.job), files: [["files.zip", t("run.tables")]] }),
    );
  }
}
