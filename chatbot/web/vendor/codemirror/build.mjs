// Writes codemirror.js, one module with all it needs, and the licences of what is in it.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: ["entry.js"],
  outfile: "codemirror.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "/* CodeMirror 6: MIT, see LICENSE beside this file */" },
  alias: { "@codemirror/lang-html": "./no_html.js" },
  metafile: true,
});
const inside = Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
const packages = new Map(); // by the text of their licence
for (const name of [...new Set(inside)].filter(Boolean).sort()) {
  const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  const text = (await readFile(`node_modules/${name}/LICENSE`, "utf8")).trim();
  packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}`]);
}
const told = [...packages].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
await writeFile("LICENSE", told.join("\n----\n\n"));
