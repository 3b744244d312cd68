/* One tooltip for the whole page; what it says stands elsewhere too, so nothing is lost to those who cannot hover. */

import { fresh, h } from "../dom.js";

const box = h("div", { id: "tip", class: "tip", hidden: true, role: "tooltip" });
document.body.append(box);

export function showTip(event, ...content) {
  fresh(box, content);
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect(),
    x = event.clientX,
    y = event.clientY;
  box.style.setProperty("left", `${Math.max(8, Math.min(x + 16, innerWidth - width - 8))}px`);
  box.style.setProperty("top", `${y + 20 + height > innerHeight ? Math.max(8, y - height - 14) : y + 18}px`);
}
export const hideTip = () => {
  box.hidden = true;
};
addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
});
addEventListener("scroll", hideTip, true);

/** A tip for an element, by pointer and by focus. */
export function tipFor(node, content) {
  const at = () => {
    const spot = node.getBoundingClientRect();
    return { clientX: spot.left + spot.width / 2, clientY: spot.bottom - 14 };
  };
  node.addEventListener("pointermove", (event) => showTip(event, content()));
  node.addEventListener("pointerleave", hideTip);
  node.addEventListener("focus", () => showTip(at(), content()));
  node.addEventListener("blur", hideTip);
  return node;
}
