/* Scenarios as the page edits them: the same JSON as the scenario file's TOML. Nothing here is computed; the server decides. */

export const KEYS = ["multiply", "set", "open", "raise_value_added", "add_km2", "add", "minutes"];
const LISTS = ["between", "and", "places", "origins", "sector"];

const asList = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const copy = (value) => JSON.parse(JSON.stringify(value));
const sameSet = (a, b) => a.length === b.length && [...a].map(JSON.stringify).sort().join() === [...b].map(JSON.stringify).sort().join();

/** The key and value that say how strong a lever is; ["", null] for one without. */
export function strengthOf(lever) {
  const key = KEYS.find((each) => lever[each] !== undefined);
  return key ? [key, lever[key]] : ["", null];
}

/** Which scenario is solved: "" or "baseline", "preset:ID", "saved:ID", or "draft". */
export function bodyOf(ref, draft) {
  if (ref === "draft") return draft && draft.lever.length ? { scenario: draft } : {};
  if (!ref || ref === "baseline") return {};
  const [kind, id] = [ref.slice(0, ref.indexOf(":")), ref.slice(ref.indexOf(":") + 1)];
  return kind === "saved" ? { saved: Number(id) } : { preset: id };
}

/** A new scenario without levers. */
export const empty = (name) => ({ format: 1, name, lever: [] });

/** A copy of a scenario with other levers; texts and dates stay. */
export const withLevers = (scenario, levers) => ({ ...copy(scenario), lever: copy(levers) });

/** Whether two levers act on the same entries by the same key, whatever their strength, range, source and dates. */
export function sameTarget(a, b) {
  if (a.lever !== b.lever || strengthOf(a)[0] !== strengthOf(b)[0]) return false;
  const [one, two] = [a, b].map((lever) => ({ between: asList(lever.between), and: asList(lever.and) }));
  const straight = sameSet(one.between, two.between) && sameSet(one.and, two.and);
  const crossed = !a.one_way && !b.one_way && sameSet(one.between, two.and) && sameSet(one.and, two.between);
  if (!straight && !crossed) return false;
  const where = (lever) =>
    JSON.stringify([
      asList(lever.place ?? lever.places).sort(),
      lever.in ?? null,
      lever.flow ?? null,
      lever.level ?? null,
      asList(lever.sector).sort(),
      lever.use ?? null,
      lever.via ?? null,
      Boolean(lever.one_way),
      lever.from ?? null,
      lever.to ?? null,
      lever.mode ?? null,
      asList(lever.origins).sort(),
      lever.by && lever.lever === "rent_pools" ? lever.by : null,
    ]);
  return where(a) === where(b);
}

/** Levers with one set to a value; a ready lever at its neutral value is taken out, for it does nothing. */
export function setStrength(levers, template, value, neutral) {
  const [key] = strengthOf(template),
    at = levers.findIndex((lever) => sameTarget(lever, template));
  const { ready, ...plain } = template;
  if (at < 0) return value === neutral ? levers : [...levers, { ...copy(plain), [key]: value }];
  if (value === neutral && ready) return levers.filter((_, i) => i !== at);
  return levers.map((lever, i) => (i === at ? widened({ ...lever, [key]: value }) : lever));
}

/** A lever whose range still holds its value: bounds that the hand has passed are left out, for they no longer describe it. */
export function widened(lever) {
  const [, value] = strengthOf(lever),
    { low, high, ...rest } = lever;
  return { ...rest, ...(low !== undefined && low <= value ? { low } : {}), ...(high !== undefined && high >= value ? { high } : {}) };
}

/** A lever as a file holds it: without empty keys. */
export function clean(lever) {
  const made = {};
  for (const [key, value] of Object.entries(lever)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value) && !value.length) continue;
    if (key === "one_way" && value === false) continue;
    made[key] = value;
  }
  return made;
}

/** Levers in groups that move together: of one kind, flow and key, each with its index in the list. */
export function grouped(levers) {
  const groups = new Map();
  levers.forEach((lever, index) => {
    const [key] = strengthOf(lever),
      id = [lever.lever, lever.flow || lever.use || lever.via || "", key, lever.level || ""].join("/");
    if (!groups.has(id)) groups.set(id, { id, lever: lever.lever, flow: lever.flow, key, members: [] });
    groups.get(id).members.push({ index, lever });
  });
  return [...groups.values()];
}

/** The bordered level with the fewest jurisdictions inside: the one whose passages are provincial parts. */
export function borderLevel(atlas) {
  const { bordered_levels: levels } = atlas.region;
  const count = (level) => new Set(atlas.places.filter((place) => !place.outside).map((place) => place.jurisdictions[level])).size;
  return [...levels].sort((a, b) => count(a) - count(b))[0] || null;
}

/** The sides of borders: each province with its jurisdictions at the border's level, the zone's hosts first. */
export function sidesOf(atlas) {
  const level = borderLevel(atlas),
    groups = new Map();
  if (!level) return [];
  const hosts = new Set(atlas.places.filter((place) => place.zone_side).map((place) => place.jurisdictions.province));
  for (const place of atlas.places) {
    if (place.outside) continue;
    const own = place.jurisdictions[level],
      id = place.jurisdictions.province || own;
    if (!groups.has(id)) groups.set(id, { id, members: new Set(), host: hosts.has(id) });
    groups.get(id).members.add(own);
  }
  return [...groups.values()].map((group) => ({ ...group, members: [...group.members] })).sort((a, b) => Number(b.host) - Number(a.host));
}

/** Ready levers of one border, one a flow: the share of the passage that is opened, 0 until moved. */
export function borderLevers(atlas, one, two) {
  const kind = atlas.kind("passage"),
    level = borderLevel(atlas);
  if (!kind || kind.available === false || !level || !one || !two) return [];
  const flows = kind.fields.find((field) => field.key === "flow")?.choices || [];
  return flows.map(({ id }) => ({ lever: "passage", flow: id, level, between: one.members, and: two.members, open: 0, ready: true }));
}

/** Ready levers beside the border: land on each side of the zone, and R&D of each host. */
export function placeLevers(atlas) {
  const made = [],
    sides = atlas.region.zone?.sides || [];
  const has = (kind, key) => {
    const found = atlas.kind(kind);
    return found && found.available !== false && found.strengths.some((s) => s.key === key);
  };
  if (has("land", "multiply")) for (const place of sides) made.push({ lever: "land", place, multiply: 1, ready: true });
  const hosts = sidesOf(atlas).filter((side) => side.host);
  if (has("research", "multiply") && atlas.region.levels.includes("province"))
    for (const { id } of hosts) made.push({ lever: "research", in: { level: "province", is: [id] }, multiply: 1, ready: true });
  return made;
}

/** The range that the region's strategies and zones give a lever of one kind, flow and key: { low, high, source }, or null. */
export function usualRange(atlas, lever) {
  const [key] = strengthOf(lever);
  const alike = (other) => other.lever === lever.lever && other.flow === lever.flow && strengthOf(other)[0] === key;
  const found = atlas.levers.presets
    .flatMap((preset) => preset.scenario.lever)
    .find((other) => alike(other) && other.low !== undefined && other.high !== undefined);
  return found ? { low: found.low, high: found.high, source: found.source } : null;
}

/** What differs between two lists of levers: [{ lever, a, b }] with the values of each, undefined where it is not pulled. */
export function differing(a, b) {
  const rows = a.map((lever) => {
    const other = b.find((each) => sameTarget(each, lever));
    return { lever, a: strengthOf(lever)[1], b: other ? strengthOf(other)[1] : undefined };
  });
  for (const lever of b) if (!a.some((each) => sameTarget(each, lever))) rows.push({ lever, a: undefined, b: strengthOf(lever)[1] });
  return rows;
}

export { asList, copy, LISTS };
