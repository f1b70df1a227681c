/** Talking to the server: one question over server-sent events, or plain JSON where they fail. */

const TIMEOUT_MS = 45_000;

/** The server answered with a problem document: `message` is its Italian detail. */
export class Problem extends Error {}

/** The server was not reached, or went away before the answer was whole. */
export class Unreachable extends Error {}

/**
 * Ask one question. `onStage` is called with understand, retrieve, read and compose as they
 * begin. Resolves to the answer document; rejects with Problem or Unreachable.
 */
export async function ask(base, body, onStage = () => {}) {
  const signal = AbortSignal.timeout ? AbortSignal.timeout(TIMEOUT_MS) : undefined;
  const stream = await post(`${base}/api/chat/stream`, body, "text/event-stream", signal);
  if (stream?.ok && isEventStream(stream) && stream.body) {
    const answer = await readStream(stream.body, onStage);
    if (answer) return answer;
  } else if (stream && isProblem(stream) && stream.status !== 404 && stream.status !== 405) {
    throw await problemOf(stream);
  }
  return plain(base, body, signal);
}

async function plain(base, body, signal) {
  const response = await post(`${base}/api/chat`, body, "application/json", signal);
  if (!response) throw new Unreachable();
  if (!response.ok) throw await problemOf(response);
  return response.json().catch(() => {
    throw new Unreachable();
  });
}

/** Send the feedback on an answer; rejects with Problem or Unreachable. */
export async function sendFeedback(base, feedback) {
  const response = await post(`${base}/api/feedback`, feedback, "application/json");
  if (!response) throw new Unreachable();
  if (!response.ok) throw await problemOf(response);
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

async function post(url, body, accept, signal) {
  try {
    return await fetch(url, {
      method: "POST", credentials: "omit", signal, body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: accept },
    });
  } catch {
    return null; // a failed connection carries no reason a reader could use
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
