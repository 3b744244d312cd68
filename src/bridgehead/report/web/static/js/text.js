/* Words: one file a language, loaded from this server; a text that is missing is shown as its key, and a test holds that none is. */

const LANGUAGES = ["en", "zh"];
const tables = {};
const listeners = new Set();
let current = "en";

/** Load both languages, so that the switch costs nothing. */
export async function loadTexts() {
  await Promise.all(
    LANGUAGES.map(async (lang) => {
      const answer = await fetch(new URL(`../text/${lang}.json`, import.meta.url));
      if (!answer.ok) throw new Error(`text/${lang}.json: ${answer.status}`);
      tables[lang] = await answer.json();
    }),
  );
}

export const lang = () => current;
export const zh = () => current === "zh";

/** Speak a language; those who listen redraw. */
export function speak(wanted) {
  current = LANGUAGES.includes(wanted) ? wanted : "en";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem("bridgehead-lang", current);
  } catch {
    /* storage may be off */
  }
  for (const listen of listeners) listen(current);
}
export const onSpeak = (listen) => {
  listeners.add(listen);
  return () => listeners.delete(listen);
};

/** The language of the address, else the one chosen before, else the browser's. */
export function firstLanguage(asked) {
  if (LANGUAGES.includes(asked)) return asked;
  let kept = null;
  try {
    kept = localStorage.getItem("bridgehead-lang");
  } catch {
    /* storage may be off */
  }
  if (LANGUAGES.includes(kept)) return kept;
  return (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

const look = (key, table) => key.split(".").reduce((found, part) => (found === undefined ? undefined : found[part]), table);

/** The text of a key, with its {fields} filled: t("badge.gap", { gap: "2e-12" }). */
export function t(key, fields = {}) {
  const found = look(key, tables[current] || {});
  if (typeof found !== "string") return key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

/** Whether there is a text of that key. */
export const has = (key) => typeof look(key, tables[current] || {}) === "string";

/** A thing's own name in the current language: { en, zh }, a plain text, or null. */
export function say(pair, fallback = "") {
  if (pair === null || pair === undefined) return fallback;
  if (typeof pair === "string") return pair;
  return (current === "zh" ? pair.zh || pair.en : pair.en || pair.zh) || fallback;
}

/** Several words as one list, in the language's own way. */
export const listed = (words) => words.join(current === "zh" ? "、" : ", ");
/** A sentence's first letter as a capital; Chinese has none. */
export const cap = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/** A name and what it says: "Rent: 1,200" or "租金：1,200". */
export const pairOf = (name, text) => (current === "zh" ? `${name}：${text}` : `${name}: ${text}`);
/** Text in brackets of the language. */
export const aside = (text) => (text ? (current === "zh" ? `（${text}）` : ` (${text})`) : "");
