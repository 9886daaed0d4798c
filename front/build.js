// Bundles src/ into the files that Django serves, with the licences of what is inside. Run by `make front`.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/liantu/web/kit/static/kit");
const LARGEST = 1024 * 1024;
const INSIDE = { echarts: ["LICENSE", "NOTICE"], zrender: ["LICENSE"], tslib: ["LICENSE.txt"] };

const made = await build({
  entryPoints: [join(here, "src/echarts.js")],
  outfile: join(target, "echarts.min.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15"],
  legalComments: "none",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true
});

const size = Object.values(made.metafile.outputs)[0].bytes;
if (size > LARGEST) { throw new Error(`the bundle has ${size} bytes, more than ${LARGEST}`); }
const used = new Set(Object.keys(made.metafile.inputs).map((name) => name.split("node_modules/")[1]?.split("/")[0]));
used.delete(undefined);
const unknown = [...used].filter((name) => !(name in INSIDE));
if (unknown.length) { throw new Error(`no licence is named for ${unknown.join(", ")}`); }
const texts = Object.entries(INSIDE).filter(([name]) => used.has(name)).map(([name, files]) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(join(target, "echarts.LICENSE.txt"), texts.join(`\n${"=".repeat(78)}\n\n`));
console.log(`echarts.min.js: ${Math.round(size / 1024)} KiB`);
