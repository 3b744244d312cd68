/* A form for any lever, made from what the server says of its kind: fields, choices, strengths with their bounds. */

import { fresh, h } from "../dom.js";
import { cap, listed, say, t } from "../text.js";
import { named } from "../atlas.js";
import { clean } from "../draft.js";
import { fieldName, strengthShape } from "../lever-words.js";
import { dialog } from "./dialog.js";
import { slider } from "./slider.js";

const WHERE = ["place", "places", "in"];

/** The ids that a typed list of names means: names of either language, or ids. */
export function idsOf(text, list) {
  const wanted = text
    .split(/[,，、;；]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const find = (word) =>
    list.find((each) => [each.id, each.name, each.name_zh].some((name) => name && name.toLowerCase() === word.toLowerCase()));
  return { ids: wanted.map((word) => find(word)?.id).filter(Boolean), unknown: wanted.filter((word) => !find(word)) };
}

/** A box for one or several names out of a list, with suggestions. */
export function nameBox(list, { label, value = [], several = false, changed = () => {} }) {
  const id = `list-${Math.random().toString(36).slice(2, 8)}`,
    shown = (item) => say(named(item));
  const chips = h("span", { class: "chips" }),
    input = h("input", { type: "text", list: id, "aria-label": label, autocomplete: "off", placeholder: t("lever.choose") });
  let chosen = [...value];
  const draw = () => {
    fresh(
      chips,
      chosen.map((one) =>
        h(
          "span",
          { class: "chip" },
          shown(list.find((each) => each.id === one) || { id: one, name: one }),
          h(
            "button",
            {
              type: "button",
              "aria-label": t("words.remove"),
              onclick: () => {
                chosen = chosen.filter((other) => other !== one);
                draw();
                changed(chosen);
              },
            },
            "×",
          ),
        ),
      ),
    );
  };
  input.addEventListener("change", () => {
    const { ids, unknown } = idsOf(input.value, list);
    input.classList.toggle("wrong", unknown.length > 0);
    if (unknown.length) return;
    chosen = several ? [...new Set([...chosen, ...ids])] : ids.slice(0, 1);
    input.value = "";
    draw();
    changed(chosen);
  });
  draw();
  const options = h(
    "datalist",
    { id },
    list.map((item) => h("option", { value: shown(item) })),
  );
  return {
    element: h("div", { class: "name-box" }, chips, input, options),
    get ids() {
      return chosen;
    },
  };
}

export class LeverForm {
  constructor(app, { kind = null, places = [], done }) {
    this.app = app;
    this.atlas = app.atlas;
    this.done = done;
    this.places = places;
    this.kinds = this.atlas.levers.kinds.filter((each) => each.available !== false);
    this.unavailable = this.atlas.levers.kinds.filter((each) => each.available === false);
    this.crossed = this._crossed();
    const fits = (each) => each.fields.some((field) => WHERE.includes(field.key)) || (each.lever === "passage" && this.crossed.length > 1);
    if (places.length) this.kinds = this.kinds.filter(fits);
    this.kind = this.kinds.find((each) => each.lever === kind) || this.kinds[0];
    this.values = {};
    this.given = {};
    this.body = h("div", { class: "stack" });
    this.faults = h("div", {});
    this.box = dialog(
      places.length === 1
        ? t("lever.zone_title_one", { name: this.atlas.placeOf(places[0]) })
        : places.length
          ? t("lever.zone_title", { count: places.length })
          : t("lever.add_title"),
      [this._kindPicker(), this.body, this.faults],
      {
        actions: [
          h("button", { type: "button", class: "button", onclick: () => this.box.close() }, t("words.cancel")),
          h("button", { type: "button", class: "button strong", id: "add-lever", onclick: () => this._finish() }, t("lever.add")),
        ],
      },
    );
    this._fields();
  }

  /** The jurisdictions of the border's level that a drawn zone lies in, by province: where there are several, it crosses their border. */
  _crossed() {
    const sides = new Map();
    for (const place of this.places.map((id) => this.atlas.places[this.atlas.index.get(id)])) {
      const { [this.atlas.border]: own, province = own } = place?.jurisdictions || {};
      if (own) sides.set(province, (sides.get(province) || new Set()).add(own));
    }
    return [...sides.values()].map((side) => [...side]);
  }

  /** Values that the map has given, such as the ends of a link; they are shown and not asked for again. */
  fixed(values) {
    this.given = values;
    this._fields();
  }

  _kindPicker() {
    const choose = (event) => {
      this.kind = this.kinds.find((each) => each.lever === event.target.value);
      this.values = {};
      this._fields();
    };
    return h(
      "label",
      { class: "field" },
      h("span", {}, t("lever.kind")),
      h(
        "select",
        { onchange: choose },
        this.kinds.map((each) => h("option", { value: each.lever, selected: each === this.kind }, cap(say(named({ id: each.lever, ...each }))))),
      ),
    );
  }

  _fields() {
    const { kind } = this;
    const placed = kind.fields.some((field) => WHERE.includes(field.key));
    const fields = kind.fields.filter(
      (field) =>
        !WHERE.includes(field.key) &&
        !(field.key in this.given) &&
        !kind.strengths.some((s) => s.key === field.key),
    );
    this.strength = kind.strengths.find((each) => each.key === "open") || kind.strengths[0] || null;
    Object.assign(this.values, this.given);
    const ends =
      this.given.from && h("p", { class: "where" }, `${this.atlas.placeOf(this.given.from)} – ${this.atlas.placeOf(this.given.to)}`);
    fresh(
      this.body,
      ends,
      kind.describe && h("p", { class: "sub" }, say({ en: kind.describe, zh: kind.describe_zh })),
      placed && this._where(),
      kind.lever === "passage" && this.places.length > 0 && h("p", { class: "where" }, t("lever.whole_border")),
      fields.map((field) => this._field(field)),
      this.strength && this._strength(),
    );
  }

  _where() {
    if (this.places.length) {
      this.values.places = this.places;
      return h(
        "p",
        { class: "where" },
        t("lever.in_places", {
          names: listed(this.places.slice(0, 6).map((id) => this.atlas.placeOf(id))),
          count: this.places.length,
        }),
      );
    }
    const items = [...this.atlas.places.filter((place) => !place.outside)],
      chosen = this.app.store.get("place");
    const value = chosen && items.some((place) => place.id === chosen) ? [chosen] : [];
    this.values.places = value;
    return h(
      "label",
      { class: "field" },
      h("span", {}, t("lever.where")),
      nameBox(items, {
        label: t("lever.where"),
        value,
        several: true,
        changed: (ids) => {
          this.values.places = ids;
        },
      }).element,
    );
  }

  _label(field) {
    return `${say(named(field), "") && field.name ? say(named(field)) : fieldName(field.key)}${field.required ? "" : ` (${t("lever.optional")})`}`;
  }

  _field(field) {
    const { kind } = field,
      set = (value) => {
        this.values[field.key] = value;
      };
    const wrap = (control) => h("label", { class: "field" }, h("span", {}, this._label(field)), control);
    if (kind === "choice") {
      const choices = field.required ? field.choices : [{ id: "", name: "–", name_zh: "–" }, ...field.choices],
        first = this._firstChoice(field, choices);
      set(first);
      return wrap(
        h(
          "select",
          {
            onchange: (event) => {
              set(event.target.value || undefined);
              if (field.key === "level") this._fields2();
            },
          },
          choices.map((choice) => h("option", { value: choice.id, selected: choice.id === first }, say(named(choice)))),
        ),
      );
    }
    if (kind === "flag")
      return h(
        "label",
        { class: "check" },
        h("input", { type: "checkbox", onchange: (event) => set(event.target.checked || undefined) }),
        this._label(field),
      );
    const list = this._listOf(field);
    if (list) return wrap(this._names(field, list, set));
    return wrap(
      h("input", {
        type: "text",
        inputmode: kind === "number" || kind === "date" ? "decimal" : null,
        placeholder: field.unit && typeof field.unit === "string" ? field.unit : "",
        onchange: (event) => {
          const text = event.target.value.trim(),
            number = Number(text);
          set(
            text === "" ? undefined : kind === "texts" ? text.split(/[,，、]/) : Number.isFinite(number) && kind !== "text" ? number : text,
          );
        },
      }),
    );
  }

  _firstChoice(field, choices) {
    if (this.values[field.key] !== undefined) return this.values[field.key];
    if (field.key === "level" && choices.some((choice) => choice.id === this.atlas.border)) return this.atlas.border;
    return choices[0]?.id || undefined;
  }

  _names(field, list, set) {
    const several = field.list !== false && field.kind !== "place";
    const [first = [], ...others] = this.crossed.map((side) => side.filter((id) => list.some((each) => each.id === id)));
    const value = (this.kind.lever === "passage" && { between: first, and: others.flat() }[field.key]) || [];
    if (value.length) set(value);
    return nameBox(list, { label: this._label(field), value, several, changed: (ids) => set(several ? ids : ids[0]) }).element;
  }

  _listOf(field) {
    const { region } = this.atlas,
      inside = this.atlas.places.filter((place) => !place.outside || field.inside === false);
    const level = field.level || (field.level_from && this.values[field.level_from]) || this.atlas.border;
    const all = () => [...region.places, ...Object.values(region.jurisdictions).flat()];
    return {
      place: inside,
      places: inside,
      sectors: region.sectors,
      origins: region.origins,
      jurisdictions: region.jurisdictions[level] || [],
      side: all(),
    }[field.kind];
  }

  /** Fields anew after the level changed; what was chosen stays. */
  _fields2() {
    const kept = this.values;
    this._fields();
    this.values = { ...this.values, level: kept.level, flow: kept.flow };
  }

  _strength() {
    const { strengths, lever } = this.kind,
      holder = h("div", {});
    const draw = () => {
      const key = this.strength.key,
        start = this.strength.default ?? this.strength.neutral ?? this.strength.min ?? 0,
        shape = strengthShape(this.atlas, { lever, [key]: start });
      for (const other of strengths) delete this.values[other.key];
      this.values[key] = start;
      fresh(
        holder,
        slider({
          shape,
          name: say(named({ id: key, ...this.strength })),
          value: start,
          moved: (value) => {
            this.values[key] = value;
          },
        }).element,
      );
    };
    draw();
    const picker =
      strengths.length > 1 &&
      h(
        "select",
        {
          "aria-label": t("lever.how"),
          onchange: (event) => {
            this.strength = strengths.find((s) => s.key === event.target.value);
            draw();
          },
        },
        strengths.map((s) => h("option", { value: s.key, selected: s === this.strength }, say(named({ id: s.key, ...s })))),
      );
    return h("div", { class: "field" }, h("span", {}, t("lever.how")), picker, holder);
  }

  _finish() {
    const { places, ...rest } = { ...this.values, ...this.given },
      placed = this.kind.fields.some((field) => WHERE.includes(field.key));
    const lever = clean({
      lever: this.kind.lever,
      ...rest,
      ...(placed && places?.length === 1 ? { place: places[0] } : placed && places?.length ? { places } : {}),
    });
    const missing = this.kind.fields.filter((field) => field.required && lever[field.key] === undefined && !WHERE.includes(field.key));
    if (missing.length || (placed && !places?.length && !lever.between)) {
      fresh(
        this.faults,
        h(
          "p",
          { class: "fault" },
          t("lever.missing", {
            names: [...missing.map((field) => fieldName(field.key)), ...(placed && !places?.length ? [t("lever.where")] : [])].join(", "),
          }),
        ),
      );
      return;
    }
    this.box.close();
    this.done({ ...lever, source: lever.source || undefined });
  }
}
