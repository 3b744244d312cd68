"use strict";
/* Language, choosers, table of needs and tooltips. No request leaves the page. */
const all = (query, from = document) => [...from.querySelectorAll(query)];
const root = document.documentElement;
const state = { lang: root.lang === "zh" ? "zh" : "en", scenario: null };
const listeners = [];

function remember(lang) { try { localStorage.setItem("bridgehead-lang", lang); } catch { /* storage may be off */ } }
function remembered() { try { return localStorage.getItem("bridgehead-lang"); } catch { return null; } }

function speak(lang) {
  state.lang = lang;
  root.lang = lang;
  root.className = `lang-${lang}`;
  for (const button of all("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
  for (const name of ["aria-label", "title", "label"])
    for (const node of all(`[data-${name}-${lang}]`)) node.setAttribute(name, node.getAttribute(`data-${name}-${lang}`));
  for (const option of all("option[data-en]")) option.textContent = option.dataset[lang];
  listeners.forEach((listen) => listen());
}

function choose(scenario) {
  state.scenario = scenario;
  for (const select of all('[data-choose="scenario"]')) select.value = scenario;
  for (const part of all("[data-of]")) part.hidden = part.dataset.of !== scenario;
  listeners.forEach((listen) => listen());
}

const tip = document.getElementById("tip");
function showTip(html, x, y) {
  tip.innerHTML = html;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 16}px`;
}
function hideTip() { tip.hidden = true; }
const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function tipOf(node) { return node.getAttribute(`data-data-tip-${state.lang}`); }
document.addEventListener("pointermove", (event) => {
  const node = event.target.closest?.("[data-data-tip-en]");
  if (node) showTip(safe(tipOf(node)), event.clientX, event.clientY);
  else if (!event.target.closest?.(".frame")) hideTip();
});
document.addEventListener("focusin", (event) => {
  const node = event.target.closest?.("[data-data-tip-en]");
  if (!node) return;
  const box = node.getBoundingClientRect();
  showTip(safe(tipOf(node)), box.right, box.bottom);
});
document.addEventListener("focusout", hideTip);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

function openNeed(need, open) {
  for (const row of all(`.matrix tr[data-need="${CSS.escape(need)}"]`)) {
    if (row.classList.contains("two")) row.classList.toggle("shown", open);
    else row.classList.toggle("open", open);
  }
  for (const button of all(`[data-more="${CSS.escape(need)}"]`)) {
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "−" : "+";
  }
}
for (const button of all("[data-more]"))
  button.addEventListener("click", () => openNeed(button.dataset.more, button.getAttribute("aria-expanded") !== "true"));
document.getElementById("all-lines")?.addEventListener("click", (event) => {
  const button = event.currentTarget, open = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(open));
  for (const more of all("[data-more]")) openNeed(more.dataset.more, open);
});

for (const button of all("[data-lang]"))
  button.addEventListener("click", () => { remember(button.dataset.lang); speak(button.dataset.lang); });
for (const select of all('[data-choose="scenario"]')) select.addEventListener("change", () => choose(select.value));
document.getElementById("print")?.addEventListener("click", () => print());

const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
const watch = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) for (const [key, link] of links) link.classList.toggle("here", key === entry.target.id);
}, { rootMargin: "-30% 0px -60% 0px" });
all("main section").forEach((section) => watch.observe(section));

addEventListener("DOMContentLoaded", () => {
  const hash = location.hash.slice(1);
  speak(["en", "zh"].includes(hash) ? hash : remembered() || state.lang);
  const first = document.querySelector('[data-choose="scenario"]');
  if (first) choose(first.value);
});
