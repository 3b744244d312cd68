/* The server's JSON endpoints, and nothing else that talks to it. Every call stays on this host. */

let session = null;

/** What the server refused: status, a sentence, and every fault with its place and cure. */
export class Refused extends Error {
  constructor(status, body, retryAfter) {
    super(body?.error || `HTTP ${status}`);
    this.status = status;
    this.body = body || {};
    this.faults = body?.faults || [];
    this.code = body?.code || "";
    this.retryAfter = retryAfter;
  }
}

/** The network or the server is away. */
export class Away extends Error {}

async function send(method, path, { body, type, signal, raw } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET" && session?.csrf) headers["X-CSRF-Token"] = session.csrf;
  if (body !== undefined) headers["Content-Type"] = type || "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: body === undefined ? undefined : type ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Away(error.message);
  }
  if (raw && answer.ok) return answer;
  let content = null;
  if (answer.status !== 204) {
    try {
      content = await answer.json();
    } catch (error) {
      if (error.name === "AbortError") throw error;
    }
  }
  if (!answer.ok) throw new Refused(answer.status, content, Number(answer.headers.get("Retry-After")) || null);
  return content;
}

/** Send; where the session has ended (a restarted server), begin a new one and send again, once. */
async function call(method, path, options = {}) {
  try {
    return await send(method, path, options);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "session" || options.again) throw error;
    await openSession();
    return send(method, path, { ...options, again: true });
  }
}

const get = (path, options) => call("GET", path, options);
const post = (path, body, options) => call("POST", path, { ...options, body });
const enc = encodeURIComponent;
const query = (given) => {
  const parts = Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return parts.length ? `?${parts.map(([key, value]) => `${key}=${enc(value)}`).join("&")}` : "";
};

export async function openSession() {
  session = await send("GET", "/api/session");
  return session;
}
export async function signIn(given) {
  session = await send("POST", "/api/session", { body: given });
  return session;
}
export async function signOut() {
  await call("DELETE", "/api/session");
  session = null;
}
export const whoami = () => session;

export const regions = () => get("/api/regions");
export const region = (id) => get(`/api/regions/${enc(id)}`);
export const regionMap = (id) => get(`/api/regions/${enc(id)}/map`);
export const baseline = (id) => get(`/api/regions/${enc(id)}/baseline`);
export const levers = (id) => get(`/api/regions/${enc(id)}/levers`);
export const facts = (id, place, options) => get(`/api/regions/${enc(id)}/places/${enc(place)}/facts`, options);
export const solve = (id, body, options) => post(`/api/regions/${enc(id)}/solve`, body, options);

const result = (key, rest = "", options) => get(`/api/results/${enc(key)}${rest}`, options);
export const certificate = (key, options) => result(key, "/certificate", options);
export const matrix = (key, options) => result(key, "/matrix", options);
export const mechanisms = (key, options) => result(key, "/mechanisms", options);
export const placeOf = (key, place, options) => result(key, `/places/${enc(place)}`, options);
export const flowsOf = (key, place, given, options) => result(key, `/places/${enc(place)}/flows${query(given)}`, options);
export const explain = (key, place, options) => result(key, `/places/${enc(place)}/explain`, options);
export const shadowPrices = (key, of, options) => result(key, `/shadow-prices${query({ of })}`, options);
export const download = (key, file) => `/api/results/${enc(key)}/${file === "scenario.toml" ? file : `download/${file}`}`;
export const compare = (a, b, id, options) => get(`/api/compare${query({ a, b, region: id })}`, options);

export const jobKinds = () => get("/api/jobs/kinds");
export const jobs = () => get("/api/jobs");
export const startJob = (body) => post("/api/jobs", body);
export const job = (id, options) => get(`/api/jobs/${enc(id)}`, options);
export const jobResult = (id, options) => get(`/api/jobs/${enc(id)}/result`, options);
export const jobFile = (id, name) => `/api/jobs/${enc(id)}/files/${name}`;
export const endJob = (id) => call("DELETE", `/api/jobs/${enc(id)}`);
export const resumeJob = (id) => post(`/api/jobs/${enc(id)}/resume`, {});

export const scenarios = (id) => get(`/api/scenarios${query({ region: id })}`);
export const scenario = (id) => get(`/api/scenarios/${enc(id)}`);
export const saveScenario = (body) => post("/api/scenarios", body);
export const changeScenario = (id, body) => call("PUT", `/api/scenarios/${enc(id)}`, { body });
export const dropScenario = (id) => call("DELETE", `/api/scenarios/${enc(id)}`);
export const copyScenario = (id, body) => post(`/api/scenarios/${enc(id)}/duplicate`, body);
export const restoreScenario = (id, body) => post(`/api/scenarios/${enc(id)}/restore`, body);
export const history = (id) => get(`/api/scenarios/${enc(id)}/history`);
export const scenarioFile = (id) => `/api/scenarios/${enc(id)}/scenario.toml`;
export const importScenario = (id, text) => post(`/api/scenarios/import${query({ region: id })}`, text, { type: "application/toml" });
export const saveLink = (state) => post("/api/links", { state });
export const link = (id) => get(`/api/links/${enc(id)}`);

export const uploadRegion = (name, body, type) => post(`/api/regions${query({ name })}`, body, { type });
export const dropRegion = (id) => call("DELETE", `/api/regions/${enc(id)}`);
export const regionFolder = (id) => `/api/regions/${enc(id)}/download`;
