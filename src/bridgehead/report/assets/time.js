"use strict";
/* The two paths and their difference, drawn from numbers that stand in the page. */
(() => {
  const store = document.getElementById("path-data");
  if (!store) return;
  const data = JSON.parse(store.textContent);
  const what = document.getElementById("path-what"), where = document.getElementById("path-where");
  const W = 540, H = 290, LEFT = 78, TOP = 12, FOOT = 30, RIGHT = 24;

  const say = (text) => text[state.lang];
  const fill = (select, list) => {
    const chosen = select.selectedIndex < 0 ? 0 : select.selectedIndex;
    select.innerHTML = list.map((item) => `<option value="${safe(item.id)}">${safe(say(item))}</option>`).join("");
    select.selectedIndex = chosen;
  };

  function ticks(low, high, count) {
    if (!(high > low)) return [low];
    const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= rough * 0.999);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k <= Math.floor(high / step + 1e-9); k += 1) found.push(Number((k * step).toPrecision(12)));
    return found;
  }

  function shown(value, digits = 4) {
    if (value === 0) return "0";
    const size = Math.abs(value), sign = value < 0 ? "−" : "";
    const places = Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size))));
    return sign + size.toLocaleString("en-US", { maximumFractionDigits: places });
  }

  /* lines: [{css, values}]; zero: whether the scale must hold 0. */
  function draw(box, title, lines, zero, tell) {
    const every = lines.flatMap((line) => line.values);
    let low = Math.min(...every, ...(zero ? [0] : [])), high = Math.max(...every, ...(zero ? [0] : []));
    if (low === high) { low -= Math.abs(low) * 0.05 || 1; high += Math.abs(high) * 0.05 || 1; }
    const pad = (high - low) * 0.06;
    if (!zero || low < 0) low -= pad;
    if (!zero || high > 0) high += pad;
    const years = data.years, span = years[years.length - 1] - years[0] || 1;
    const x = (year) => LEFT + ((year - years[0]) / span) * (W - LEFT - RIGHT);
    const y = (value) => TOP + ((high - value) / (high - low)) * (H - TOP - FOOT);
    const parts = [`<svg class="chart" viewBox="0 0 ${W} ${H}" role="img" aria-label="${safe(title)}">`];
    for (const tick of ticks(low, high, 5))
      parts.push(`<line class="${tick === 0 ? "axis" : "grid"}" x1="${LEFT}" x2="${W - RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/>`
        + `<text class="tick" x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${shown(tick)}</text>`);
    for (const tick of ticks(years[0], years[0] + span, 6).filter(Number.isInteger))
      parts.push(`<text class="tick" x="${x(tick)}" y="${H - 8}" text-anchor="middle">${tick}</text>`);
    for (const line of lines) {
      const points = years.map((year, k) => `${x(year).toFixed(1)},${y(line.values[k]).toFixed(1)}`);
      parts.push(`<polyline class="${line.css}" points="${points.join(" ")}"/>`);
    }
    parts.push(`<line class="guide" y1="${TOP}" y2="${H - FOOT}" hidden/></svg>`);
    box.innerHTML = parts.join("");
    const svg = box.firstElementChild, guide = svg.querySelector(".guide");
    svg.addEventListener("pointermove", (event) => {
      const frame = svg.getBoundingClientRect(), at = years[0] + (((event.clientX - frame.left) / frame.width) * W - LEFT) / (W - LEFT - RIGHT) * span;
      const k = years.reduce((best, year, n) => (Math.abs(year - at) < Math.abs(years[best] - at) ? n : best), 0);
      guide.setAttribute("x1", x(years[k]));
      guide.setAttribute("x2", x(years[k]));
      guide.removeAttribute("hidden");
      showTip(`<b>${years[k]}</b>${tell(k)}`, event.clientX, event.clientY);
      event.stopPropagation();
    });
    svg.addEventListener("pointerleave", () => { guide.setAttribute("hidden", ""); hideTip(); });
  }

  function redraw() {
    fill(what, data.variables);
    fill(where, data.places);
    const variable = data.variables[what.selectedIndex], place = data.places[where.selectedIndex];
    const scale = variable.unit[`scale_${state.lang}`], unit = say(variable.unit);
    const [base, plan] = place.values[variable.id].map((values) => values.map((value) => value * scale));
    const change = plan.map((value, k) => value - base[k]);
    const named = (title) => `${say(title)}${unit ? (state.lang === "zh" ? `（${unit}）` : `, ${unit}`) : ""}`;
    const heads = { levels: named(data.words.levels), change: named(data.words.change) };
    for (const [key, text] of Object.entries(heads)) document.getElementById(`path-${key}-h`).textContent = text;
    const both = (k) => `${safe(say(data.words.baseline))} ${shown(base[k], 6)}<br>${safe(say(data.words.scenario))} ${shown(plan[k], 6)}`;
    draw(document.getElementById("path-levels"), heads.levels, [{ css: "line baseline", values: base }, { css: "line plan", values: plan }], false, both);
    draw(document.getElementById("path-change"), heads.change, [{ css: "line plan", values: change }], true, (k) => shown(change[k], 4));
    const head = [data.words.year, data.words.baseline, data.words.scenario, data.words.change].map((word) => `<th scope="col" class="num">${safe(say(word))}</th>`).join("");
    const rows = data.years.map((year, k) => `<tr><td class="num">${year}</td>${[shown(base[k], 6), shown(plan[k], 6), shown(change[k], 4)]
      .map((text) => `<td class="num">${text}</td>`).join("")}</tr>`).join("");
    document.getElementById("path-twin").innerHTML = `<table class="compact"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  }

  for (const select of [what, where]) select.addEventListener("change", redraw);
  listeners.push(redraw);
})();
