/* Dialogs of the browser's own kind: they hold the focus, close with Escape, and give the focus back. */

import { h, icon } from "../dom.js";
import { t } from "../text.js";

/** Open a dialog; returns it. `actions`: buttons of its foot, the last one the main one. */
export function dialog(title, content, { actions = [], wide = false, onclose = null } = {}) {
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("words.close"), onclick: () => box.close() },
    icon("close"),
  );
  const box = h(
    "dialog",
    { class: `dialog${wide ? " wide" : ""}`, "aria-label": title },
    h("header", {}, h("h2", {}, title), close),
    h("div", { class: "dialog-body" }, content),
    actions.length > 0 && h("footer", {}, actions),
  );
  box.addEventListener("close", () => {
    box.remove();
    onclose?.();
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/** Ask for one text; resolves to it, or to null. */
export function ask(title, name, value = "", { note = "", long = false, button = t("words.ok") } = {}) {
  return new Promise((resolve) => {
    let answer = null;
    const input = long ? h("textarea", { rows: 4, value }) : h("input", { type: "text", value });
    const done = () => {
      answer = input.value.trim();
      box.close();
    };
    const form = h(
      "form",
      {
        class: "stack",
        onsubmit: (event) => {
          event.preventDefault();
          done();
        },
      },
      note && h("p", { class: "sub" }, note),
      h("label", { class: "field" }, h("span", {}, name), input),
    );
    const box = dialog(title, form, {
      actions: [
        h("button", { type: "button", class: "button", onclick: () => box.close() }, t("words.cancel")),
        h("button", { type: "button", class: "button strong", onclick: done }, button),
      ],
      onclose: () => resolve(answer),
    });
    input.focus();
    if (!long) input.select();
  });
}

/** Ask yes or no. */
export function confirmed(title, text, button) {
  return new Promise((resolve) => {
    let yes = false;
    const box = dialog(title, h("p", {}, text), {
      actions: [
        h("button", { type: "button", class: "button", onclick: () => box.close() }, t("words.cancel")),
        h(
          "button",
          {
            type: "button",
            class: "button strong",
            onclick: () => {
              yes = true;
              box.close();
            },
          },
          button,
        ),
      ],
      onclose: () => resolve(yes),
    });
  });
}

/** Every fault of an input, with its place, what is expected, and the cure. */
export function faultList(faults, message = "") {
  if (!faults?.length) return h("p", { class: "fault" }, message);
  return h(
    "div",
    { class: "faults" },
    message && h("p", {}, message),
    h(
      "ol",
      {},
      faults.map((fault) =>
        h(
          "li",
          {},
          h("b", {}, fault.cause),
          fault.place && h("code", {}, fault.place),
          fault.expected && h("p", { class: "sub" }, t("faults.expected", { what: fault.expected })),
          fault.cure && h("p", { class: "sub" }, t("faults.cure", { what: fault.cure })),
        ),
      ),
    ),
  );
}

/** A short word at the edge of the screen, for what has been done. */
export function toast(text, kind = "") {
  const box = h("div", { class: `toast ${kind}`, role: "status" }, text);
  document.body.append(box);
  setTimeout(() => box.remove(), 4200);
}
