/* The chain behind a place's result: from the lever over flows, market, wage and rent to welfare, each step with its equation. */

import { h } from "../dom.js";
import { label, plain, scaled } from "../numbers.js";
import { cap, has, lang, say, t } from "../text.js";
import { named, unitOf } from "../atlas.js";
import { inPercent } from "./place-parts.js";

const PAIR = /(\w+) ← (\w+)/;
const LAST = /([,，]\s*)(\w+)$/;
const ALIKE = 1e-9;

/** A step's name, with the jurisdictions, origins and sectors of its end by their own names. */
function told(atlas, step) {
  const text = say(named(step));
  const pair = (_, one, two) => `${atlas.jurisdiction(one)} ← ${atlas.jurisdiction(two)}`;
  return cap(PAIR.test(text) ? text.replace(PAIR, pair) : text.replace(LAST, (_, comma, id) => `${comma}${atlas.originOrSector(id)}`));
}

function one(atlas, step) {
  const unit = unitOf(step.shown);
  const shown = (value) => plain(scaled(value, unit, lang()));
  const moved = typeof step.change_percent === "number" ? inPercent(step.change_percent) : "";
  const line = h(
    "div",
    { class: "why-line" },
    h("span", {}, told(atlas, step)),
    h("span", { class: "num" }, `${shown(step.before)} → ${shown(step.after)} ${label(unit, lang())}`),
    h("b", { class: "num" }, moved),
  );
  return h("li", {}, line, h("p", { class: "equation" }, h("code", {}, step.equation), " ", h("small", {}, say({ en: step.source, zh: step.source_zh }))));
}

/** Steps in the order given, those of one name and the same numbers together. */
function together(steps) {
  const groups = [];
  const near = (a, b) => Math.abs(a.before - b.before) < ALIKE && Math.abs(a.after - b.after) < ALIKE;
  for (const step of steps) {
    const stem = step.name.split(",")[0];
    const group = groups.find((each) => each.stem === stem && near(each.steps[0], step));
    if (group) group.steps.push(step);
    else groups.push({ stem, steps: [step] });
  }
  return groups.map((group) => group.steps);
}

/** Many steps alike, such as one an origin, are folded behind the first. */
function folded(atlas, steps) {
  const [first, ...more] = steps.map((step) => one(atlas, step));
  if (more.length < 2) return [first, more];
  const summary = h("summary", { class: "sub" }, t("place.alike", { count: more.length }));
  return [first, h("li", {}, h("details", {}, summary, h("ul", {}, more)))];
}

/** The whole chain, stage by stage. */
export function chain(atlas, steps) {
  const stages = [...new Set(steps.map((step) => step.stage))];
  const title = (stage) => (has(`stage.${stage}`) ? t(`stage.${stage}`) : stage);
  const list = (stage) =>
    h(
      "ul",
      {},
      together(steps.filter((step) => step.stage === stage)).map((own) => folded(atlas, own)),
    );
  return h(
    "ol",
    { class: "chain" },
    stages.map((stage) => h("li", {}, h("h3", {}, title(stage)), list(stage))),
  );
}
