/* Levers in words: what it is, where it acts, how strong, in either language. */

import { label, plain, scaled } from "./numbers.js";
import { asList, strengthOf } from "./draft.js";
import { cap, has, listed, say, t, zh } from "./text.js";
import { named, unitOf } from "./atlas.js";

const choiceName = (atlas, kind, field, id) => {
  const found = atlas
    .kind(kind)
    ?.fields.find((each) => each.key === field)
    ?.choices?.find((choice) => choice.id === id);
  return found ? say(named(found)) : String(id);
};

/** What a lever is: its kind, and for a border the flow. */
export function kindName(atlas, lever) {
  if (lever.lever === "passage") return t("lever.passage_of", { flow: choiceName(atlas, "passage", "flow", lever.flow) });
  const kind = atlas.kind(lever.lever),
    name = cap(kind ? say(named(kind)) : lever.lever);
  const more = ["use", "via"].filter((key) => lever[key]).map((key) => choiceName(atlas, lever.lever, key, lever[key]));
  return more.length ? `${name}${zh() ? "：" : ", "}${listed(more)}` : name;
}

/** One item of a list of places and jurisdictions. */
function itemName(atlas, item, level) {
  if (typeof item === "object" && item)
    return asList(item.is)
      .map((id) => atlas.jurisdiction(id, item.level))
      .join(zh() ? "、" : " + ");
  return atlas.jurisdiction(item, level);
}

const several = (atlas, items, level) => {
  const names = asList(items).map((item) => itemName(atlas, item, level));
  return names.length > 3 ? t("lever.and_more", { first: listed(names.slice(0, 2)), count: names.length - 2 }) : listed(names);
};

/** Sides of a border by the names of their provinces where a side is all of them. */
function sideName(atlas, items, level) {
  const ids = asList(items),
    whole = (atlas.sides || []).filter(({ members }) => members.every((member) => ids.includes(member)));
  const covered = new Set(whole.flatMap(({ members }) => members)),
    rest = ids.filter((id) => !covered.has(id));
  return level === atlas.border && whole.length
    ? several(atlas, [...whole.map(({ id }) => ({ level: "province", is: id })), ...rest], level)
    : several(atlas, ids, level);
}

/** Where a lever acts. */
export function whereName(atlas, lever) {
  const parts = [];
  if (lever.between || lever.and)
    parts.push(`${sideName(atlas, lever.between, lever.level)} ${lever.one_way ? "←" : "↔"} ${sideName(atlas, lever.and, lever.level)}`);
  if (lever.place) parts.push(atlas.placeOf(lever.place));
  if (lever.places) parts.push(several(atlas, lever.places));
  if (lever.in) parts.push(itemName(atlas, lever.in));
  if (lever.from && lever.to) parts.push(`${atlas.placeOf(lever.from)} – ${atlas.placeOf(lever.to)}`);
  if (lever.sector) parts.push(listed(asList(lever.sector).map((id) => choiceName2(atlas.region.sectors, id))));
  if (lever.origins) parts.push(listed(asList(lever.origins).map((id) => choiceName2(atlas.region.origins, id))));
  return parts.join(zh() ? "，" : ", ");
}
const choiceName2 = (list, id) => say(named((list || []).find((each) => each.id === id)), String(id));

/** The one-line name of a lever. */
export const leverName = (atlas, lever) =>
  lever.name || [kindName(atlas, lever), whereName(atlas, lever)].filter(Boolean).join(zh() ? "：" : ": ");

/** How a strength is shown: shares as per cent, factors with ×, sums with their unit. */
export function strengthShape(atlas, lever) {
  const [key] = strengthOf(lever),
    found = atlas.kind(lever.lever)?.strengths.find((strength) => strength.key === key) || { key };
  const percent = key === "open" || key === "raise_value_added" || (key === "set" && lever.lever !== "link");
  const unit = percent
    ? { en: "%", zh: "%", scale_en: 100, scale_zh: 100 }
    : key === "multiply"
      ? { en: "", zh: "", scale_en: 1, scale_zh: 1 }
      : unitOf(found.unit);
  return {
    key,
    percent,
    unit,
    factor: key === "multiply",
    ...limits(found, key),
    neutral: found.neutral ?? null,
    step: found.step ?? null,
    log: found.scale === "log",
  };
}

function limits(found, key) {
  const known = (value, other) => (typeof value === "number" && Number.isFinite(value) ? value : other);
  const usual = {
    open: [0, 1],
    set: [0, 1],
    multiply: [0.5, 2],
    raise_value_added: [0, 0.5],
    add_km2: [0, 10],
    add: [0, 10000],
    minutes: [1, 180],
  }[key] || [0, 1];
  const [min, max] = [known(found.min, usual[0]), known(found.max, usual[1])];
  return { min, max, hardMin: known(found.least, -Infinity), hardMax: known(found.most, Infinity) };
}

/** A strength as a reader sees it. */
export function strengthText(shape, value, lang) {
  if (value === undefined || value === null) return t("lever.not_pulled");
  const shown = shape.unit ? scaled(value, shape.unit, lang) : value,
    text = trimmed(shown);
  if (shape.factor) return `× ${text}`;
  const name = shape.unit ? label(shape.unit, lang) : "";
  return name ? `${text} ${name}` : text;
}

/** A number without the zeros that only fill it up. */
export function trimmed(value, digits = 6) {
  const size = Math.abs(value),
    text =
      size !== 0 && size < 1e-4
        ? plain(value)
        : size >= 1000
          ? Number(value.toPrecision(Math.max(digits, 5))).toLocaleString("en")
          : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** A source as it is written, but for the word that says there is none. */
export function sourceText(source) {
  const text = String(source || "");
  return text ? text.replace(/^assumption\b/, t("lever.assumption")) : t("lever.assumption");
}

/** What must be said of a lever before its number is read: opening more than the provincial part is an upper bound. */
export function caveat(atlas, lever) {
  if (lever.lever === "link") return t("lever.link_note");
  if (lever.lever !== "passage") return "";
  const level = atlas.border;
  if (level && lever.level !== level) return t("lever.upper_residual");
  if (lever.set === 1 || lever.open === 1) return t("lever.upper_full");
  return "";
}

/** The short name of a key of a lever's dates. */
export const fieldName = (key) => (has(`field.${key}`) ? t(`field.${key}`) : key.replace(/_/g, " "));
