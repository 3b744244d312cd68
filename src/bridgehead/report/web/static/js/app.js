/* What all screens share: the region, the scenario under the hand, the solver, and the library. */

import * as api from "./api.js";
import { Atlas, named } from "./atlas.js";
import { bodyOf, copy, empty, withLevers } from "./draft.js";
import { Sticky } from "./breaks.js";
import { Solver, solveOnce } from "./solver.js";
import { Store } from "./state.js";
import { say, t } from "./text.js";
import { LeverForm } from "./panels/lever-form.js";
import { ask, toast } from "./panels/dialog.js";

const wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export class App {
  constructor() {
    this.store = new Store();
    this.sticky = new Sticky();
    this.listeners = new Set();
    this.regions = [];
    this.saved = [];
    this.tool = null;
    this.atlas = null;
    this.solver = null;
    this.kinds = [];
    this.options = new Map();
    this.results = new Map();
    // The job of each screen.
    this.watched = new Map();
  }

  /** Go to another screen, which finds its own job again. */
  go(view, more = {}) {
    this.store.set({ view, job: this.watched.get(view) || "", ...more });
  }

  /** Hear of what happens: { phase, … } of the solver, { saved }, { tool }, { baseline }. */
  listen(run) {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }
  tell(event) {
    for (const run of [...this.listeners]) run(event);
  }

  // ---- the region

  async openRegions() {
    const { regions, default: first } = await api.regions();
    this.regions = regions;
    const asked = this.store.get("region");
    return regions.some((region) => region.id === asked) ? asked : first || regions[0]?.id;
  }

  /** What takes longer than a moment and this server can do. */
  async openKinds() {
    try {
      this.kinds = (await api.jobKinds()).kinds.map((kind) => kind.id);
    } catch (error) {
      if (!(error instanceof api.Refused)) throw error;
    }
  }
  /** Whether this server can do what a screen is for. */
  offers(view) {
    const needed = { ranges: "ensemble", path: "path", sharing: "share" }[view];
    return !needed || this.kinds.includes(needed);
  }

  async openRegion(id) {
    this.atlas = await Atlas.load(id);
    this.solver = new Solver(id, (event) => this.tell(event));
    this.sticky = new Sticky();
    this.options = new Map();
    this.results = new Map();
    this.watched = new Map();
    await this.loadSaved();
  }

  /** Wait until the baseline is there; then ask for the scenario of the address. */
  async openBaseline() {
    const { atlas } = this;
    for (let state = atlas.region.state; ; state = await this._state(atlas)) {
      if (this.atlas !== atlas) return;
      if (state === "ready" && (await this._baseline(atlas))) break;
      await wait(500);
    }
    if (this.atlas !== atlas) return;
    this.tell({ phase: "baseline" });
    this.ask();
  }

  /** How far a region is, told to those who listen; a region that is refused raises with its faults. */
  async _state(atlas) {
    try {
      const { regions } = await api.regions();
      this.regions = regions;
      const now = regions.find((region) => region.id === atlas.id);
      if (now?.state === "refused") throw new api.Refused(422, { error: now.error, faults: now.faults });
      if (this.atlas === atlas && now?.state !== "ready")
        this.tell({ phase: "waiting", state: now?.state || "calibrating", progress: now?.progress });
      return now?.state;
    } catch (error) {
      if (!(error instanceof api.Away)) throw error;
      return "away";
    }
  }

  /** Read the baseline; false while it is not ready, or the server is away. */
  async _baseline(atlas) {
    try {
      await atlas.loadBaseline();
      return true;
    } catch (error) {
      if (error instanceof api.Away || (error instanceof api.Refused && error.status === 503)) return false;
      throw error;
    }
  }

  // ---- the scenario

  get from() {
    return this.store.get("from");
  }
  /** The scenario where it started from, before the hand touched it. */
  get base() {
    return this.scenarioOf(this.from) || empty(t("lever.untitled"));
  }
  /** The scenario as it is now. */
  get scenario() {
    return this.store.get("draft") || this.base;
  }
  get active() {
    return this.scenario.lever.length > 0;
  }
  /** What the scenario is called. */
  get title() {
    return this.active ? this.nameOf(this.store.get("draft") ? "draft" : this.from) : t("words.baseline");
  }
  get answer() {
    return this.solver.answer;
  }

  scenarioOf(ref) {
    if (ref === "draft") return this.store.get("draft");
    if (!ref || ref === "baseline") return null;
    if (ref.startsWith("preset:")) return this.atlas.preset(ref.slice(7))?.scenario || null;
    return this.saved.find((entry) => `saved:${entry.id}` === ref)?.scenario || null;
  }
  nameOf(ref) {
    if (!ref || ref === "baseline") return t("words.baseline");
    if (ref === "draft") {
      const draft = this.store.get("draft");
      return draft ? say({ en: draft.name, zh: draft.name_zh }) : t("words.baseline");
    }
    const found = ref.startsWith("preset:") ? this.atlas.preset(ref.slice(7)) : this.saved.find((entry) => `saved:${entry.id}` === ref);
    return found ? say(named(found)) : ref;
  }
  /** The levers of a reference. */
  leversOf(ref) {
    return this.scenarioOf(ref)?.lever || [];
  }
  bodyOf(ref) {
    return bodyOf(ref, this.store.get("draft"));
  }

  /** The answer of a scenario with its matrix, solved beside the levers; asked once. */
  async result(ref) {
    const body = this.bodyOf(ref),
      key = JSON.stringify(body);
    if (!this.results.has(key))
      this.results.set(
        key,
        solveOnce(this.atlas.id, body, { matrix: true }).catch((error) => {
          this.results.delete(key);
          throw error;
        }),
      );
    return this.results.get(key);
  }

  /** Every scenario that can be compared: [[group, [[ref, name]]]]. */
  get choices() {
    const presets = (kind) => this.atlas.levers.presets.filter(kind).map((preset) => [`preset:${preset.id}`, say(named(preset))]);
    const own = [
      ["baseline", t("words.baseline")],
      ...(this.store.get("draft") ? [["draft", `${this.nameOf("draft")}${t("words.unsaved")}`]] : []),
      ...this.saved.map((entry) => [`saved:${entry.id}`, say(named(entry))]),
    ];
    return [
      [t("lever.mine"), own],
      [t("lever.strategies"), presets((p) => p.kind === "strategy")],
      [t("lever.zones"), presets((p) => p.kind !== "strategy")],
    ].filter(([, members]) => members.length);
  }

  /** Start from the baseline, a preset or a saved scenario; what was not saved is left, and the browser's "back" brings it back. */
  start(ref) {
    if (this.store.get("draft") && ref !== this.from) toast(t("lever.left"));
    this.store.set({ from: ref === "baseline" ? "" : ref, draft: null });
  }

  /** The scenario after the hand moved something. */
  edit(next) {
    const { base } = this,
      plain = (scenario) => JSON.stringify([scenario.lever, scenario.from, scenario.until, scenario.phase_in]);
    if (plain(next) === plain(base)) {
      this.store.set({ draft: null });
      return;
    }
    const draft = copy(next);
    if (!this.store.get("draft") && this.from) {
      draft.name = t("lever.copy_of", { name: base.name });
      if (base.name_zh) draft.name_zh = t("lever.copy_of", { name: base.name_zh });
    }
    if (!draft.lever.length && !this.from) this.store.set({ draft: null });
    else this.store.set({ draft });
  }

  /** Ask the server for the scenario as it is now. */
  ask() {
    if (this.atlas?.baseline) this.solver.ask(this.bodyOf(this.store.get("draft") ? "draft" : this.from));
  }
  askAgain() {
    if (this.atlas?.baseline) this.solver.again(this.bodyOf(this.store.get("draft") ? "draft" : this.from));
  }

  /** Add a lever to the scenario. */
  pull(lever) {
    this.edit(withLevers(this.scenario, [...this.scenario.lever, lever]));
    this.tell({ phase: "levers" });
  }

  /** A form for a lever: of any kind anywhere, or of the kinds that act on some places. */
  addLever(places = []) {
    new LeverForm(this, { places, kind: places.length ? "land" : null, done: (lever) => this.pull(lever) });
  }

  // ---- the library

  async loadSaved() {
    try {
      this.saved = (await api.scenarios(this.atlas.id)).scenarios;
    } catch (error) {
      if (!(error instanceof api.Refused)) throw error;
      this.saved = [];
    }
    this.tell({ phase: "saved" });
  }

  /** Save the scenario: over its own entry when it came from one, else under a name that is asked for. */
  async save() {
    const entry = this.saved.find((each) => `saved:${each.id}` === this.from),
      scenario = copy(this.scenario);
    try {
      if (entry && this.store.get("draft")) {
        const name = { name: entry.scenario.name, ...(entry.scenario.name_zh ? { name_zh: entry.scenario.name_zh } : {}) };
        await api.changeScenario(entry.id, { scenario: { ...scenario, ...name }, revision: entry.revision });
        await this._after(entry.id);
        return;
      }
      const name = await ask(
        t("library.save_as"),
        t("library.name"),
        this.from || this.store.get("draft") ? say({ en: scenario.name, zh: scenario.name_zh }) : scenario.name,
        { button: t("lever.save") },
      );
      if (!name) return;
      const { name_zh: _, ...rest } = scenario;
      const made = await api.saveScenario({ region: this.atlas.id, scenario: { ...rest, name } });
      await this._after(made.id);
    } catch (error) {
      toast(error.status === 409 ? t("library.conflict") : error.message, "bad");
    }
  }
  async _after(id) {
    await this.loadSaved();
    this.store.set({ from: `saved:${id}`, draft: null });
    toast(t("library.saved"));
  }

  // ---- tools on the map

  takeTool(tool) {
    this.tool = tool;
    this.tell({ phase: "tool" });
  }
  flowLines(lines) {
    this.tell({ phase: "flows", lines });
  }
}
