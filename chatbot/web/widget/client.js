/** Talking to the server: one question over server-sent events, or plain JSON where they fail. */

const TIMEOUT_MS = 45_000;

/** The server answered with a problem document: `message` is its Italian detail. */
export class Problem extends Error {}

/** The server was not reached, or went away before the answer was whole. */
export class Unreachable extends Error {}

/** Whoever asked had the work stopped. */
export class Stopped extends Error {}

/** Why there is no answer, in words: stopped, refused, no network, or no server. */
export function reasonOf(error, t) {
  if (error instanceof Stopped) return t("stopped");
  if (error instanceof Problem && error.message) return error.message;
  return t(navigator.onLine ? "unreachable" : "offline");
}

/** The server at `base`; `key` names the site that embeds the widget, where keys are used. */
export class Server {
  constructor(base, key = "") {
    this.base = base;
    this.key = key;
  }

  /**
   * Ask one question. `onStage` is called with the steps of the server as they begin; `stop` is
   * the signal that ends the work; asked again with the same `key`, the server gives the answer
   * that was lost on the way. Resolves to the answer document; rejects with Problem, Unreachable
   * or Stopped.
   */
  async ask(body, onStage = () => {}, stop = new AbortController().signal, key = "") {
    const signal = AbortSignal.any ? AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]) : stop;
    const found = await this.#ask(body, onStage, signal, key).catch((error) => error);
    if (stop.aborted) throw new Stopped();
    if (found instanceof Error) throw found instanceof Problem ? found : new Unreachable();
    return found;
  }

  async #ask(body, onStage, signal, key) {
    const once = key && { "Idempotency-Key": key };
    const stream = await this.#send("POST", "/api/chat/stream", body, "text/event-stream", signal, once);
    if (stream?.ok && isEventStream(stream) && stream.body) {
      const answer = await readStream(stream.body, onStage);
      if (answer) return answer;
    } else if (stream && isProblem(stream) && stream.status !== 404 && stream.status !== 405) {
      throw await problemOf(stream);
    }
    const response = await this.#send("POST", "/api/chat", body, "application/json", signal, once);
    const whole = await accepted(response);
    return whole.json().catch(() => {
      throw new Unreachable();
    });
  }

  /** Send the feedback on an answer; rejects with Problem or Unreachable. */
  async giveFeedback(feedback) {
    await accepted(await this.#send("POST", "/api/feedback", feedback));
  }

  /** Take a conversation out of the journal; rejects with Problem or Unreachable. */
  async erase(conversation) {
    await accepted(await this.#send("DELETE", `/api/conversations/${conversation}`));
  }

  async #send(method, path, body, accept = "application/json", signal = undefined, more = {}) {
    const headers = { Accept: accept, ...more };
    if (body) headers["Content-Type"] = "application/json";
    if (this.key) headers["X-Bussola-Key"] = this.key;
    if (body?.conversation) headers["X-Bussola-Conversation"] = body.conversation;
    try {
      return await fetch(this.base + path, {
        method, headers, signal, credentials: "omit", body: body && JSON.stringify(body),
      });
    } catch {
      return null; // a failed connection carries no reason a reader could use
    }
  }
}

async function accepted(response) {
  if (!response) throw new Unreachable();
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** A JSON document of the server, or null when it cannot be had. */
export async function read(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

const isEventStream = (response) => type(response).startsWith("text/event-stream");
const isProblem = (response) => type(response).includes("json");
const type = (response) => response.headers.get("Content-Type") ?? "";

async function problemOf(response) {
  const document = await response.json().catch(() => ({}));
  return new Problem(String(document.detail ?? document.title ?? ""));
}

async function readStream(body, onStage) {
  try {
    for await (const { event, data } of events(body)) {
      if (event === "progress") onStage(data.stage);
      if (event === "answer") return data;
      if (event === "problem") throw new Problem(String(data.detail ?? data.title ?? ""));
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
  }
  return null; // cut short: the caller asks again, plainly
}

/** The events of a server-sent stream, as `{event, data}` with data parsed from JSON. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    buffer += value ?? "";
    const blocks = buffer.split(/\r?\n\r?\n/);
    buffer = blocks.pop();
    for (const block of blocks) {
      const parsed = parseEvent(block);
      if (parsed) yield parsed;
    }
    if (done) return;
  }
}

function parseEvent(block) {
  let event = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}
