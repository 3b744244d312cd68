/* The workbench: opens the session, the region and the screen that the address names. */

import * as api from "./api.js";
import { App } from "./app.js";
import { fresh, h, one, s } from "./dom.js";
import { firstLanguage, lang, loadTexts, onSpeak, say, speak, t } from "./text.js";
import { named } from "./atlas.js";
import { VIEWS } from "./state.js";
import { toast } from "./panels/dialog.js";

const app = new App();
const root = document.getElementById("app");
let screen = null,
  shown = "";

const SCREENS = {
  explore: () => import("./views/explore.js"),
  compare: () => import("./views/compare.js"),
  path: () => import("./views/path.js"),
  ranges: () => import("./views/ranges.js"),
  sharing: () => import("./views/sharing.js"),
  library: () => import("./views/library.js"),
  region: () => import("./views/region.js"),
};

const mark = () =>
  s(
    "svg",
    { class: "mark", viewBox: "0 0 32 20", "aria-hidden": "true" },
    s("path", { d: "M2 16h28M6 16V8M26 16V8M6 9c6 6 14 6 20 0M16 3v13" }),
  );

function top() {
  const view = app.store.get("view");
  const tab = (name) =>
    h(
      "a",
      {
        href: `#view=${name}`,
        class: "tab",
        "aria-current": name === view ? "page" : null,
        "data-view": name,
        onclick: (event) => {
          event.preventDefault();
          app.go(name);
        },
      },
      t(`view.${name}`),
    );
  const picker = h(
    "select",
    {
      class: "region-pick",
      "aria-label": t("top.region"),
      onchange: (event) => app.store.set({ region: event.target.value, from: "", draft: null, place: "", cam: "", show: "", a: "", b: "", job: "" }),
    },
    app.regions.map((region) =>
      h("option", { value: region.id, selected: region.id === app.atlas?.id }, `${say(named(region))} · ${region.year}`),
    ),
  );
  const language = h(
    "div",
    { class: "seg switch", role: "group", "aria-label": t("top.language") },
    [
      ["en", "English"],
      ["zh", "中文"],
    ].map(([key, name]) =>
      h(
        "button",
        {
          type: "button",
          lang: key === "zh" ? "zh-CN" : "en",
          "aria-pressed": String(lang() === key),
          "data-lang": key,
          onclick: () => app.store.set({ lang: key }),
        },
        name,
      ),
    ),
  );
  const session = api.whoami();
  return h(
    "header",
    { class: "top" },
    h(
      "a",
      {
        class: "skip",
        href: "#main",
        onclick: (event) => {
          event.preventDefault();
          one("#main").focus();
        },
      },
      t("top.skip"),
    ),
    h("span", { class: "brand" }, mark(), "Bridgehead"),
    picker,
    h("nav", { class: "tabs main-tabs", "aria-label": t("top.screens") }, VIEWS.filter((name) => app.offers(name)).map(tab)),
    h(
      "div",
      { class: "top-end" },
      h("button", { type: "button", class: "small-button", id: "copy-link", onclick: copyLink }, t("top.link")),
      language,
      session?.accounts &&
        h(
          "button",
          {
            type: "button",
            class: "small-button",
            onclick: async () => {
              await api.signOut();
              location.reload();
            },
          },
          t("top.sign_out", { user: session.user }),
        ),
    ),
  );
}

/** Copy an address that reopens this view; a long one is kept by the server and named by a short id. */
async function copyLink() {
  let address = app.store.address();
  if (address.length > 1500) {
    try {
      const { id } = await api.saveLink(app.store.state);
      address = `${location.origin}${location.pathname}#link=${id}`;
    } catch {
      /* the long address works too */
    }
  }
  try {
    await navigator.clipboard.writeText(address);
    toast(t("top.copied"));
  } catch {
    prompt(t("top.copy_this"), address);
  }
}

async function show() {
  const view = app.store.get("view");
  shown = view;
  document.title = `${t(`view.${view}`)} · ${app.atlas.name} · Bridgehead`;
  const { Screen } = await SCREENS[view]();
  if (shown !== view) return;
  screen?.remove?.();
  screen = new Screen(app);
  fresh(root, top(), h("main", { id: "main", tabindex: -1, class: `screen ${view}` }, screen.element));
  root.setAttribute("aria-busy", "false");
  screen.shown?.();
}

async function openRegion(id) {
  await app.openRegion(id);
  await show();
  app.openBaseline().catch((error) => app.tell({ phase: "faults", reason: error.message, faults: error.faults }));
}

app.store.watch((moved, state) => {
  if (moved.has("lang")) speak(state.lang);
  if (moved.has("region") && state.region && state.region !== app.atlas?.id) {
    openRegion(state.region).catch(failed);
    return;
  }
  if (!app.atlas) return;
  if (moved.has("from") || moved.has("draft")) app.ask();
  if (moved.has("view")) show().catch(failed);
  else {
    screen?.update?.(moved);
  }
});
onSpeak(() => {
  if (app.atlas) show().catch(failed);
});

function failed(error) {
  console.warn(error);
  fresh(
    root,
    h(
      "div",
      { class: "failed", role: "alert" },
      h("h1", {}, "Bridgehead"),
      h("p", {}, error instanceof api.Away ? t("top.away") : error.message),
      h("button", { type: "button", class: "button strong", onclick: () => location.reload() }, t("top.again")),
    ),
  );
}

/** The form for those who must sign in. */
function signIn() {
  return new Promise((resolve) => {
    const field = (name, type) =>
      h(
        "label",
        { class: "field" },
        h("span", {}, t(`sign.${name}`)),
        h("input", { name, type, autocomplete: name === "password" ? "current-password" : "username" }),
      );
    const fault = h("p", { class: "fault", role: "alert" });
    const send = async (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(event.target));
      try {
        await api.signIn(given.token ? { token: given.token } : { name: given.name, password: given.password });
        resolve();
      } catch (error) {
        fault.textContent = error.status === 401 ? t("sign.wrong") : error.message;
      }
    };
    fresh(
      root,
      h(
        "form",
        { class: "sign-in stack", onsubmit: send },
        h("span", { class: "brand" }, mark(), "Bridgehead"),
        h("h1", {}, t("sign.title")),
        field("name", "text"),
        field("password", "password"),
        h("p", { class: "sub" }, t("sign.or")),
        field("token", "password"),
        fault,
        h("button", { class: "button strong" }, t("sign.in")),
      ),
    );
  });
}

async function begin() {
  await loadTexts();
  speak(firstLanguage(app.store.get("lang")));
  const session = await api.openSession();
  if (session.accounts && !session.signed_in) await signIn();
  const asked = new URLSearchParams(location.hash.slice(1)).get("link");
  if (asked) app.store.reopen((await api.link(asked)).state);
  await app.openKinds();
  const first = await app.openRegions();
  if (!first) {
    fresh(root, h("p", { class: "booting" }, t("top.no_region")));
    return;
  }
  app.store.state.region = first;
  await openRegion(first);
}
begin().catch(failed);
