/* What stands around a map: the choice of what it shows, finding a place, nearer and further, and its words. */

import { h, icon, uid } from "../dom.js";
import { amount } from "../numbers.js";
import { aside, lang, pairOf, say, t } from "../text.js";
import { named } from "../atlas.js";

/** The words a map needs, in the current language. */
export const mapWords = (atlas, title) => () => ({
  map: t("map.aria", { title: title() }),
  inset: t(`map.inset_${atlas.zoneKind}`),
  toZone: t("map.to_zone"),
  zone: t(`map.zone_${atlas.zoneKind}`),
  province: (id) => {
    const found = atlas.geo.labels.find((each) => each.id === id);
    return say(named(found));
  },
  place: (i) => atlas.fullName(i),
});

const withUnit = (v) => `${say(named(v))}${aside(v.unit?.[lang()] || "")}`;

/** The choice of a variable; `active`: whether changes can be shown. extra: [[value, text]] more at the end. */
export function variablePicker(atlas, { value, active, choose, extra = [], changeOnly = false, label = t("map.shows") }) {
  const option = (kind) => (v) => h("option", { value: `${kind}:${v.id}`, selected: `${kind}:${v.id}` === value }, withUnit(v));
  return h(
    "label",
    { class: "field inline" },
    h("span", {}, label),
    h(
      "select",
      { class: "variable", onchange: (event) => choose(event.target.value) },
      active && h("optgroup", { label: t("map.changes") }, atlas.variables.change.map(option("change"))),
      !changeOnly && h("optgroup", { label: t("map.levels") }, atlas.variables.level.map(option("level"))),
      extra.length > 0 &&
        h(
          "optgroup",
          { label: t("map.more") },
          extra.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
        ),
    ),
  );
}

/** Find a place by its name in either language, or by its id. */
export function finder(atlas, choose) {
  const id = uid("places"),
    list = atlas.geo.order.map((i) => atlas.places[i]);
  const input = h("input", { type: "search", list: id, placeholder: t("map.find_word"), "aria-label": t("map.find"), autocomplete: "off" });
  const go = () => {
    const wanted = input.value.trim().toLowerCase();
    const found =
      wanted &&
      (list.find((p) => [p.name.toLowerCase(), p.name_zh, p.id].includes(wanted)) ||
        list.find((p) => p.name.toLowerCase().startsWith(wanted) || p.name_zh.startsWith(wanted)));
    input.classList.toggle("wrong", Boolean(wanted) && !found);
    if (found) {
      choose(found.id);
      input.value = "";
    }
  };
  input.addEventListener("change", go);
  return h(
    "span",
    { class: "finder" },
    icon("search"),
    input,
    h(
      "datalist",
      { id },
      list.map((p) => h("option", { value: lang() === "zh" ? p.name_zh : p.name })),
    ),
  );
}

/** Nearer, further, the whole region, the zone. */
export function zoomButtons(camera, atlas) {
  const button = (text, label, run) =>
    h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: run }, text);
  return h(
    "span",
    { class: "zoom" },
    button(icon("plus"), t("map.nearer"), () => camera.zoom(0.6)),
    button(icon("minus"), t("map.further"), () => camera.zoom(1 / 0.6)),
    h(
      "button",
      { type: "button", class: "small-button", "aria-label": t("map.whole"), title: t("map.whole"), onclick: () => camera.whole() },
      icon("whole"),
      h("span", { class: "word" }, t("map.whole")),
    ),
    atlas.zoned && h("button", { type: "button", class: "small-button", onclick: () => camera.toZone() }, t(`map.zone_${atlas.zoneKind}`)),
  );
}

/** Changes too small to be told from the solver's error are no changes: 0. */
export function overNoise(answer, id) {
  const values = answer.changes[id] || [],
    noise = answer.noise || 0,
    percent = answer.changes[id.endsWith("_percent") ? id : `${id}_percent`];
  return percent
    ? values.map((value, i) => (value !== null && percent[i] !== null && Math.abs(percent[i]) < 100 * noise ? 0 : value))
    : values;
}

/** The table twin of a map: all its places, observed ones by value, inferred ones after them and not ranked. */
export function twin(atlas, columns, guessed, choose) {
  const order = [...atlas.geo.order],
    first = columns[columns.length - 1];
  const rank = (i) => {
    const value = first.values[i];
    return typeof value === "number" ? value : -Infinity;
  };
  const seen = order.filter((i) => !guessed.has(i)).sort((a, b) => rank(b) - rank(a)),
    rest = order.filter((i) => guessed.has(i)).sort((a, b) => atlas.place(a).localeCompare(atlas.place(b), lang()));
  const row = (i) =>
    h(
      "tr",
      { class: guessed.has(i) ? "guess" : "" },
      h(
        "th",
        { scope: "row" },
        h("button", { type: "button", class: "link-button", onclick: () => choose(atlas.places[i].id) }, atlas.place(i)),
      ),
      h("td", {}, atlas.province(i)),
      columns.map((c) =>
        h(
          "td",
          { class: "num" },
          typeof c.values[i] === "number" ? amount(c.values[i], c.unit, lang(), { signed: c.signed, named: false }) : t("map.no_value"),
        ),
      ),
      h("td", {}, t(guessed.has(i) ? "words.inferred_short" : "words.observed")),
    );
  return h(
    "table",
    { class: "plain-table twin" },
    h("caption", { class: "unseen" }, t("map.twin")),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("words.place")),
        h("th", { scope: "col" }, t("words.province")),
        columns.map((c) => h("th", { scope: "col", class: "num" }, c.name, h("small", {}, ` ${c.unit?.[lang()] || ""}`))),
        h("th", { scope: "col" }, t("map.figures")),
      ),
    ),
    h(
      "tbody",
      {},
      seen.map(row),
      rest.length > 0 && h("tr", { class: "divider" }, h("th", { colspan: columns.length + 3, scope: "rowgroup" }, t("map.not_ranked"))),
      rest.map(row),
    ),
  );
}

/** The lines of a place's tip: the value shown, and the facts it has. */
export function tipLines(atlas, i, shown, facts) {
  const place = atlas.places[i],
    lines = [h("b", {}, atlas.place(i), " ", h("em", {}, atlas.province(i)))];
  for (const { name, values, unit, signed, guessed } of shown) {
    const value = values[i];
    lines.push(
      h(
        "div",
        { class: "tip-main" },
        pairOf(name, typeof value === "number" ? amount(value, unit, lang(), { signed }) : t("map.no_value")),
        guessed?.has(i) && h("em", {}, ` · ${t("words.inferred_short")}`),
      ),
    );
  }
  if (place.zone_side) lines.push(h("div", { class: "tip-note" }, t("map.inferred_boundary")));
  if (facts === null) lines.push(h("div", { class: "tip-note" }, t("map.facts_coming")));
  for (const fact of facts || [])
    lines.push(
      h(
        "div",
        { class: "tip-fact" },
        h(
          "span",
          {},
          pairOf(
            say(named({ id: fact.variable, ...fact })),
            amount(fact.value, fact.unit && typeof fact.unit === "object" ? fact.unit : { en: fact.unit, zh: fact.unit }, lang()),
          ),
        ),
        h(
          "em",
          {},
          ` ${fact.year ?? ""} · ${t(fact.status === "inferred" ? "words.inferred_short" : "words.observed")} · ${host(fact.source)}`,
        ),
      ),
    );
  return lines;
}
const host = (source) => {
  const found = /https?:\/\/([^/\s]+)/.exec(source || "");
  return found ? found[1] : (source || "").slice(0, 60);
};
