/** Where the service stands on its site: nothing, or the path that it is mounted under. */
export const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** One of our own addresses, as a browser asks for it: what the server says begins after the path. */
export const at = (path) => ROOT + path;
