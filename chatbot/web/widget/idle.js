/** Between two people at one desk: after ten minutes without a touch, ask whose turn it is. */

const IDLE_MS = 10 * 60_000;
const KEPT_MS = 5_000; // how often the time of a touch is written down
const KEY = "bussola-touched";

/**
 * Calls `ask` when nobody has touched the page for ten minutes, also when it was left and is opened
 * again after that. Gives `touch`, which counts from now.
 */
export function watchIdle(ask) {
  let touched = read();
  let written = 0;
  let timer = 0;
  const check = () => {
    clearTimeout(timer);
    const left = touched + IDLE_MS - Date.now();
    if (left <= 0) ask();
    else timer = setTimeout(check, left);
  };
  const touch = () => {
    if (Date.now() - touched >= IDLE_MS) return ask(); // the touch that wakes it up answers nothing
    now();
  };
  const now = () => {
    touched = Date.now();
    if (touched - written > KEPT_MS) written = write(touched);
  };
  for (const event of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(event, touch, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => document.hidden || check());
  addEventListener("pageshow", check);
  check();
  return () => {
    now();
    check();
  };
}

function read() {
  try {
    return Number(sessionStorage.getItem(KEY)) || Date.now();
  } catch {
    return Date.now();
  }
}

function write(time) {
  try {
    sessionStorage.setItem(KEY, String(time));
  } catch {
    // counted as long as the page is open
  }
  return time;
}
