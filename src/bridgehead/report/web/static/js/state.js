/* The state of the page. It stands in the address, so that a link reopens a view and the browser's "back" works. */

export const VIEWS = ["explore", "compare", "path", "ranges", "sharing", "library", "region"];

const PLAIN = ["view", "region", "from", "show", "mode", "place", "tab", "cam", "lang", "a", "b", "year", "cell", "job"];
const START = {
  view: "explore",
  region: "",
  from: "",
  draft: null,
  show: "",
  mode: "",
  place: "",
  tab: "",
  cam: "",
  lang: "",
  a: "",
  b: "",
  year: "",
  cell: "",
  job: "",
};
// A change of these makes a new step for the browser's "back"; all others are written over the current one.
const STEPS = new Set(["view", "region", "from", "place"]);

const toText = (value) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const fromText = (text) =>
  JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0))));

/** A state as the part of an address behind "#". */
export function write(state) {
  const parts = PLAIN.filter((key) => state[key] && state[key] !== START[key]).map((key) => `${key}=${encodeURIComponent(state[key])}`);
  if (state.draft) parts.push(`draft=${toText(state.draft)}`);
  return parts.join("&");
}

/** The state that an address tells; what it does not understand is left out. */
export function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, "")),
    state = { ...START };
  for (const key of PLAIN) if (given.get(key)) state[key] = given.get(key);
  if (!VIEWS.includes(state.view)) state.view = START.view;
  try {
    const draft = given.get("draft") && fromText(given.get("draft"));
    if (draft && Array.isArray(draft.lever)) state.draft = draft;
  } catch {
    /* a damaged link opens without its draft */
  }
  return state;
}

/** The one state of the page, with those who listen to it. */
export class Store {
  constructor() {
    this.state = read(location.hash);
    this.watchers = new Set();
    this.timer = 0;
    addEventListener("popstate", () => this.reopen(read(location.hash)));
  }
  get(key) {
    return this.state[key];
  }
  watch(run) {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  }

  /** Change some keys; watchers hear which ones did. */
  set(changes) {
    const moved = Object.keys(changes).filter((key) => JSON.stringify(this.state[key]) !== JSON.stringify(changes[key]));
    if (!moved.length) return;
    this.state = { ...this.state, ...changes };
    this._address(moved.some((key) => STEPS.has(key)));
    this._tell(new Set(moved));
  }
  /** A whole state at once, from a link or from "back". */
  reopen(state) {
    const moved = Object.keys(START).filter((key) => JSON.stringify(this.state[key]) !== JSON.stringify(state[key]));
    this.state = { ...START, ...state };
    if (moved.length) this._tell(new Set(moved));
  }
  _tell(moved) {
    for (const run of [...this.watchers]) run(moved, this.state);
  }
  _address(step) {
    const put = () => {
      const hash = write(this.state);
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
    };
    clearTimeout(this.timer);
    if (step) {
      const hash = write(this.state);
      history.pushState(null, "", hash ? `#${hash}` : location.pathname);
    } else this.timer = setTimeout(put, 250);
  }
  /** The address of the state as it is now, for copying. */
  address() {
    return `${location.origin}${location.pathname}#${write(this.state)}`;
  }
}
