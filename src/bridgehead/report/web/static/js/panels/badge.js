/* The certificate's badge: checking, solved, certified or refused, with the reason, and the whole certificate on demand. */

import { fresh, h, icon } from "../dom.js";
import { plain } from "../numbers.js";
import { named } from "../atlas.js";
import { has, say, t } from "../text.js";

const small = (value) => (typeof value === "number" ? value.toExponential(1).replace("e-", "e−") : "–");
// What an equilibrium may be off by, in logs, and still be called solved.
const LIMIT = 1e-8;
const SIGNS = { solved: "tick", certified: "tick", refused: "warn", faults: "warn", away: "warn" };

/** Why a solve was refused, from its certificate, in the current language; what the server says where that tells nothing. */
export function why(certificate, reason, atlas) {
  if (!certificate) return reason || "";
  const { estimated_distance: distance, identities, worst } = certificate;
  const [name, error] = Object.entries(identities || {}).sort((a, b) => b[1] - a[1])[0] || ["", 0];
  const quantity = atlas?.baseline?.quantities?.find((each) => each.id === worst?.variable),
    variable = quantity ? say(named(quantity)) : worst?.variable;
  const where = variable ? ` ${t("badge.worst", { variable, place: atlas ? atlas.placeOf(worst.place) : worst.place })}` : "";
  if (typeof distance !== "number" || !(distance <= LIMIT))
    return t("badge.why_distance", { distance: typeof distance === "number" ? small(distance) : "∞" }) + where;
  if (error > LIMIT)
    return t("badge.why_identity", { name: has(`identity.${name}`) ? t(`identity.${name}`) : name, error: small(error) }) + where;
  return reason || "";
}

export class Badge {
  constructor(app) {
    this.app = app;
    this.button = h("button", { type: "button", class: "badge", "aria-expanded": "false", onclick: () => this.toggle() });
    this.box = h("div", { class: "popover certificate", hidden: true, role: "region", "aria-label": t("badge.certificate") });
    this.element = h("div", { class: "badge-holder" }, this.button, this.box);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.outside = (event) => {
      if (!this.element.contains(event.target)) this.close();
    };
    document.addEventListener("pointerdown", this.outside);
  }
  remove() {
    document.removeEventListener("pointerdown", this.outside);
    this.element.remove();
  }
  toggle() {
    this.box.hidden = !this.box.hidden;
    this.button.setAttribute("aria-expanded", String(!this.box.hidden));
  }
  close() {
    this.box.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  /** phase as the solver says it; certificate may be null. */
  show({ phase, certificate, reason }) {
    const kind = phase === "late" ? "solved" : phase;
    this.button.className = `badge ${kind}`;
    this.button.dataset.phase = kind;
    const sign = SIGNS[kind] ? icon(SIGNS[kind]) : h("span", { class: "spin", "aria-hidden": "true" });
    const note =
      kind === "solved"
        ? t("badge.gap_note", { gap: small(certificate?.estimated_distance ?? certificate?.gap) })
        : kind === "certified"
          ? t("badge.distance_note", { distance: small(certificate?.estimated_distance) })
          : "";
    fresh(this.button, sign, h("span", { class: "badge-word" }, t(`badge.${kind}`)), note && h("span", { class: "badge-note" }, note));
    fresh(this.box, this._details(kind, certificate, reason));
  }

  _details(kind, c, reason) {
    const line = (name, value) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value));
    const parts = [
      h("p", { class: "lead-in" }, t(`badge.${kind}_means`)),
      kind === "refused" && h("p", { class: "reason" }, why(c, reason, this.app.atlas)),
    ];
    if (!c) return parts;
    const rows = [
      line(t("badge.gap"), small(c.gap)),
      line(t("badge.distance"), small(c.estimated_distance)),
      line(
        t("badge.singular"),
        c.smallest_singular_value === null || c.smallest_singular_value === undefined
          ? t(kind === "solved" ? "badge.coming" : "badge.not_given")
          : plain(c.smallest_singular_value),
      ),
      ...Object.entries(c.identities || {}).map(([name, value]) =>
        line(t("badge.identity", { name: has(`identity.${name}`) ? t(`identity.${name}`) : name.replace(/_/g, " ") }), small(value)),
      ),
      line(t("badge.steps"), String(c.steps ?? "–")),
    ];
    return [
      ...parts,
      h("table", { class: "plain-table" }, h("tbody", {}, rows)),
      (c.warnings || []).map((text) => h("p", { class: "warning" }, text)),
      c.input_hash &&
        h("p", { class: "hash" }, t("badge.input"), " ", h("code", {}, c.input_hash.slice(0, 16)), " · Bridgehead ", c.version),
    ];
  }
}
