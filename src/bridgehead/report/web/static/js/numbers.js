/* Numbers as a reader of either language expects them: the same rules as the report's (figures/numbers.py). */

const MINUS = "−";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const NONE = "–";

const known = (value) => typeof value === "number" && Number.isFinite(value);

function scientific(size) {
  const [mantissa, power] = size.toExponential(1).split("e");
  return `${mantissa}×10${String(Number(power)).replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : RAISED[c]))}`;
}

/** Three significant digits, thousands separated, a true minus; "–" where there is none. */
export function plain(value) {
  if (!known(value)) return NONE;
  const size = Math.abs(value),
    sign = value < 0 ? MINUS : "";
  if (size === 0) return "0";
  if (size < 9.95e-5) return sign + scientific(size);
  const decimals = Math.min(5, Math.max(0, (size >= 0.0995 ? 2 : 1) - Math.floor(Math.log10(size))));
  return sign + size.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A number with its sign always shown, for changes. */
export const change = (value) => (known(value) && value > 0 ? `+${plain(value)}` : plain(value));

/** A signed number for a narrow cell: whole ones as they are; what has no digit in thousandths is said to be below them, never zero. */
export function brief(value) {
  if (!known(value) || value === 0) return change(value);
  const size = Math.abs(value),
    sign = value < 0 ? MINUS : "+";
  if (value === Math.round(value) && size < 1000) return sign + size;
  return size < 9.95e-4 ? `${sign}<.001` : change(value);
}

/** A bound of a legend: no more digits than it has. */
export function bound(value) {
  const text = plain(value);
  if (text.includes("×")) return text.replace(/1\.0×/, "").replace(/\.0×/, "×");
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** A whole number with thousands separated. */
export const whole = (value) => (known(value) ? Math.round(value).toLocaleString("en").replace("-", MINUS) : NONE);

/** The number a unit shows in a language: its own scale times the file's number. */
export const scaled = (value, unit, lang) => (known(value) ? value * ((unit && unit[`scale_${lang}`]) ?? 1) : null);

/** The unit's label in a language. */
export const label = (unit, lang) => (unit ? unit[lang] || "" : "");

/** A number with its unit: amount(7.15, unit, "en", { signed: true }) is "+7.15 bn yuan a year". */
export function amount(value, unit, lang, { signed = false, named = true } = {}) {
  const text = (signed ? change : plain)(scaled(value, unit, lang)),
    name = label(unit, lang);
  if (!named || !name || text === NONE) return text;
  return `${text} ${name}`;
}

/** A level of a row whose changes are in a small unit: in the unit's base where it has one. */
export function level(value, unit, lang, options) {
  if (!unit || !unit.base) return amount(value, unit, lang, options);
  const base = unit.base;
  return amount(value, { en: base.en, zh: base.zh, scale_en: base.scale, scale_zh: base.scale }, lang, options);
}

/** Seconds as a reader says them. */
export function spent(seconds, lang) {
  if (!known(seconds)) return "";
  if (seconds < 1) return lang === "zh" ? "不到 1 秒" : "less than 1 s";
  const s = Math.round(seconds);
  if (s < 90) return lang === "zh" ? `${s} 秒` : `${s} s`;
  const m = Math.round(s / 60);
  return lang === "zh" ? `${m} 分钟` : `${m} min`;
}
