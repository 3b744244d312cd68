/* Elements without markup in strings: text stays text, and no inline style or script is ever made, so the strict policy holds. */

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.setAttribute("class", value);
    else if (key === "style") for (const [name, said] of Object.entries(value)) node.style.setProperty(name, said);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden" || key === "selected") node[key] = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  put(node, children);
  return node;
}

/** Append children: nodes, texts, lists of them; null and false are left out. */
export function put(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An HTML element: h("p", { class: "lead" }, "text", …). Attributes that are functions named on… are listeners. */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Replace what an element holds. */
export function fresh(node, ...children) {
  node.replaceChildren();
  return put(node, ...children);
}

export const all = (query, from = document) => [...from.querySelectorAll(query)];
export const one = (query, from = document) => from.querySelector(query);

let counter = 0;
/** An id that no other element has. */
export const uid = (stem = "n") => `${stem}-${++counter}`;

/** Say something to a screen reader without moving the focus. */
export function announce(text) {
  const place = document.getElementById("live");
  if (!place) return;
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}

/** A function that runs once its calls have paused for so many milliseconds. */
export function calm(run, wait) {
  let timer = 0;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Whether the reader asked for less movement. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const ICONS = {
  close: "M5 5l10 10M15 5L5 15",
  reset: "M4 10a6 6 0 1 0 2-4.5M4 3v3.6h3.6",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  tick: "M4 10.5l4 4 8-9",
  play: "M6 4l10 6-10 6z",
  pause: "M6.5 4v12M13.5 4v12",
  link: "M4 14c4-9 8-9 12 0M4 14h.01M16 14h.01",
  lasso: "M10 4c4 0 7 2 7 4.5S14 13 10 13 3 11 3 8.5 6 4 10 4zM6 12.5c0 2 1 3.5 3 4",
  pick: "M10 3v4M10 13v4M3 10h4M13 10h4",
  table: "M3 5h14v11H3zM3 9h14M8 9v7",
  info: "M10 9v5M10 6h.01M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
  down: "M10 3v10M6 9.5l4 4 4-4M4 17h12",
  up: "M10 14V4M6 7.5l4-4 4 4M4 17h12",
  share: "M8 12a3.5 3.5 0 0 0 5 0l2.5-2.5a3.5 3.5 0 0 0-5-5L9.5 5.5M12 8a3.5 3.5 0 0 0-5 0L4.5 10.5a3.5 3.5 0 0 0 5 5l1-1",
  warn: "M10 3l8 14H2zM10 8v4M10 14.5h.01",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4",
  whole: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
  copy: "M7 7h9v9H7zM4 13V4h9",
  pen: "M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3",
  note: "M4 4h12v9l-3 3H4zM7 8h6M7 11h4",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
};

/** A line drawing beside a word; it says nothing by itself. */
export const icon = (name) => s("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));
