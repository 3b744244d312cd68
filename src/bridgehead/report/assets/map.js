/* Two linked maps: colours from classes fixed in advance, zoom by wheel, drag and keyboard, a tooltip, and a table twin. */
(() => {
  const source = document.getElementById("map-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const mains = all("svg.main"), pick = { level: 0, change: 0 };
  const home = data.view.slice(), box = home.slice();
  const words = {
    en: { observed: "observed", inferred: "inferred, not ranked", none: "no value", baseline: "baseline", near: "near 0" },
    zh: { observed: "实测", inferred: "推断，不排序", none: "无数据", baseline: "基准", near: "接近 0" },
  };

  const variable = (kind) => data[kind][pick[kind]];
  const values = (kind) => (kind === "level" ? variable(kind).values : variable(kind).values[state.scenario] || []);
  const shade = (value, v) => (value === null || value === undefined ? data.empty : v.colours[v.breaks.filter((bound) => value >= bound).length]);

  function number(value, signed) {
    if (value === null || value === undefined) return "–";
    const size = Math.abs(value), sign = value < 0 ? "−" : signed && value > 0 ? "+" : "";
    if (size === 0) return "0";
    if (size < 9.95e-4) {
      const [mantissa, power] = size.toExponential(1).split("e");
      return `${sign}${mantissa}×10${String(Number(power)).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] || "⁻")}`;
    }
    const decimals = Math.min(5, Math.max(0, (size >= 0.0995 ? 2 : 1) - Math.floor(Math.log10(size))));
    return sign + size.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }
  const short = (text) => (text.includes(".") && !text.includes("×") ? text.replace(/0+$/, "").replace(/\.$/, "") : text.replace(/^(−?)1\.0×/, "$1").replace(/\.0×/, "×"));
  const scaled = (value, v) => (value === null || value === undefined ? null : value * (state.lang === "en" ? v.sen : v.szh));
  const unit = (v) => (state.lang === "en" ? v.uen : v.uzh);
  const withUnit = (value, v, signed) => `${number(scaled(value, v), signed)} ${value === null ? "" : unit(v)}`.trim();

  function paint(kind) {
    const v = variable(kind), shown = values(kind), guessed = new Set(v.inferred), figure = document.getElementById(`map-${kind}`);
    for (const node of all("[data-i]", figure)) node.setAttribute("fill", shade(shown[node.dataset.i], v));
    for (const node of all("[data-h]", figure)) node.toggleAttribute("hidden", !guessed.has(Number(node.dataset.h)));
    const option = document.querySelector('[data-choose="scenario"]').selectedOptions[0];
    const about = kind === "change" && option ? `${option.dataset[state.lang]} · ` : "";
    document.getElementById(`caption-${kind}`).textContent = `${about}${v[state.lang]}`;
    legend(kind, v);
  }

  function legend(kind, v) {
    const steps = v.colours.map((colour, index) => {
      const bound = index < v.breaks.length ? short(number(scaled(v.breaks[index], v))) : "";
      return `<i style="background:${colour}"><b>${bound}</b></i>`;
    });
    const place = document.getElementById(`legend-${kind}`);
    place.querySelector(".steps").innerHTML = steps.join("");
    place.querySelector(".unit").textContent = unit(v);
  }

  function about(index, kind) {
    const place = data.places[index], w = words[state.lang], zh = state.lang === "zh", lines = [];
    for (const one of ["level", "change"]) {
      const v = variable(one), value = values(one)[index], guessed = v.inferred.includes(Number(index));
      const shown = value === null || value === undefined ? w.none : withUnit(value, v, one === "change");
      const line = `${safe(v[state.lang])}${zh ? "：" : ": "}${one === "level" ? `${w.baseline} ` : ""}${shown}`;
      lines.push(one === kind ? `<span>${line}<br><em>${guessed ? w.inferred : w.observed}</em></span>` : `<em>${line}</em>`);
    }
    return `<b>${safe(zh ? place.zh : place.en)} <em>${safe(zh ? place.pzh : place.pen)}</em></b>${lines.join("<br>")}`;
  }

  function mark(index) {
    for (const node of all(".fills use.on")) node.classList.remove("on");
    if (index === null) return;
    for (const node of all(`.fills [data-i="${index}"]`)) { node.classList.add("on"); node.parentNode.append(node); }
  }

  function show() {
    for (const svg of mains) {
      svg.setAttribute("viewBox", box.join(" "));
      svg.style.setProperty("--k", box[2] / 560);
    }
    for (const inset of all(".inset")) inset.hidden = box[2] < 2.2 * data.inset[2];
    const hatch = document.getElementById("hatch-main");
    hatch.setAttribute("patternTransform", `scale(${box[2] / 95}) rotate(45)`);
  }
  function zoom(factor, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) {
    const wide = Math.min(home[2], Math.max(home[2] / 90, box[2] * factor)), real = wide / box[2];
    box[0] = x - (x - box[0]) * real; box[1] = y - (y - box[1]) * real; box[2] *= real; box[3] *= real;
    hold();
  }
  function hold() {
    for (const axis of [0, 1]) box[axis] = Math.min(Math.max(box[axis], home[axis]), home[axis] + home[axis + 2] - box[axis + 2]);
    show();
  }
  function go(target) {
    if (target === "all" || !data.inset) home.forEach((value, index) => { box[index] = value; });
    else { const [x, y, w, h] = data.inset, side = w * 1.15, ratio = home[3] / home[2];
      box.splice(0, 4, x + w / 2 - side / 2, y + h / 2 - side * ratio / 2, side, side * ratio); }
    hold();
  }

  const point = (svg, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  for (const svg of all(".frame svg")) {
    const kind = svg.dataset.kind;
    svg.addEventListener("pointermove", (event) => {
      const index = event.target.dataset?.i;
      if (index === undefined) { hideTip(); mark(null); return; }
      mark(index);
      showTip(about(index, kind), event.clientX, event.clientY);
    });
    svg.addEventListener("pointerleave", () => { hideTip(); mark(null); });
  }
  for (const svg of mains) {
    let held = null;
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const at = point(svg, event);
      zoom(Math.exp(Math.sign(event.deltaY) * 0.18), at.x, at.y);
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => { held = point(svg, event); svg.setPointerCapture(event.pointerId); svg.classList.add("held"); });
    svg.addEventListener("pointerup", () => { held = null; svg.classList.remove("held"); });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const at = point(svg, event);
      box[0] += held.x - at.x; box[1] += held.y - at.y;
      hold();
    });
    svg.addEventListener("keydown", (event) => {
      const step = box[2] / 8;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (moves[event.key]) { box[0] += moves[event.key][0]; box[1] += moves[event.key][1]; hold(); }
      else if (event.key === "+" || event.key === "=") zoom(0.7);
      else if (event.key === "-") zoom(1 / 0.7);
      else if (event.key === "Home") go("all");
      else return;
      event.preventDefault();
    });
  }
  for (const button of all("[data-zoom]")) button.addEventListener("click", () => {
    const want = button.dataset.zoom;
    if (want === "in") zoom(0.7); else if (want === "out") zoom(1 / 0.7); else go(want);
  });
  for (const inset of all(".inset svg")) inset.addEventListener("click", () => go("zone"));
  for (const kind of ["level", "change"])
    document.getElementById(`choose-${kind}`).addEventListener("change", (event) => { pick[kind] = Number(event.target.value); paint(kind); twin(); });

  document.getElementById("find").addEventListener("change", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    const index = data.places.findIndex((p) => [p.en.toLowerCase(), p.zh, p.id].includes(wanted));
    if (index < 0) return;
    const [x, y] = data.anchors[index], wide = home[2] / 6, ratio = home[3] / home[2];
    box.splice(0, 4, x - wide / 2, y - wide * ratio / 2, wide, wide * ratio);
    hold(); mark(index);
    const spot = mains[1].getBoundingClientRect();
    showTip(about(index, "change"), spot.left + spot.width / 2, spot.top + spot.height / 2);
  });

  function twin() {
    const part = document.getElementById("twin");
    if (!part.closest("details").open) return;
    const zh = state.lang === "zh", level = variable("level"), change = variable("change"), now = values("change"), before = values("level");
    const guessed = new Set(change.inferred), order = data.places.map((_, index) => index);
    const seen = order.filter((i) => !guessed.has(i)).sort((a, b) => (now[b] ?? -Infinity) - (now[a] ?? -Infinity));
    const rows = [...seen, ...order.filter((i) => guessed.has(i))].map((i) => {
      const p = data.places[i], w = words[state.lang];
      return `<tr class="${guessed.has(i) ? "guess" : ""}"><td>${safe(zh ? p.zh : p.en)}</td><td>${safe(zh ? p.pzh : p.pen)}</td><td class="num">${number(scaled(before[i], level))}</td><td class="num">${number(scaled(now[i], change), true)}</td><td>${guessed.has(i) ? w.inferred : w.observed}</td></tr>`;
    });
    const heads = zh ? ["地区", "省级", level.zh, change.zh, "数据"] : ["Place", "Province", level.en, change.en, "Figures"];
    const units = ["", "", unit(level), unit(change), ""];
    part.innerHTML = `<table class="compact"><thead><tr>${heads.map((h, i) => `<th scope="col" class="${units[i] || i === 2 || i === 3 ? "num" : ""}">${safe(h)}${units[i] ? `<br>${safe(units[i])}` : ""}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  }
  document.querySelector(".twin").addEventListener("toggle", twin);
  listeners.push(() => { if (state.scenario) { paint("level"); paint("change"); twin(); } });
})();
