// node tools/build.mjs OUT — builds web/ into OUT: dist/ by vite, then every file once compressed, and OUT/assets_data.cpp, which
// embeds them all together with the icons that pages use. Logical names have no hash: app.css is dist/app.<hash>.css.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { subsetFonts } from "./fonts.mjs";
import { install } from "./install.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const out = resolve(process.argv[2] ?? join(root, "../build/web"));
const dist = join(out, "dist");

install(root);
await subsetFonts(root);
const run = (tool, ...args) => {
  const done = spawnSync(process.execPath, [join(root, "node_modules", tool), ...args], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
};
run("typescript/bin/tsc", "--noEmit");
run("vite/bin/vite.js", "build", "--outDir", dist, "--logLevel", "warn");

const mediaTypes = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("base64url").slice(0, 8);

// name without hash → { file, bytes }
const assets = new Map();
for (const file of readdirSync(dist).sort()) {
  const bytes = readFileSync(join(dist, file));
  const parts = /^(.+)\.([\w-]{8})(\.\w+)$/.exec(file);
  if (!parts) throw new Error(`${file}: no hash in its name`);
  assets.set(parts[1] + parts[3], { file, bytes });
}
const published = (text) =>
  text.replace(/\{\{asset ([\w.-]+)\}\}/g, (_, name) => {
    const asset = assets.get(name);
    if (!asset) throw new Error(`{{asset ${name}}}: no such asset`);
    return `/assets/${asset.file}`;
  });
// Text files of public/ may name other assets; those that do come last.
const plain = readdirSync(join(root, "public")).sort((a, b) => Number(a.endsWith(".webmanifest")) - Number(b.endsWith(".webmanifest")));
for (const name of plain) {
  let bytes = readFileSync(join(root, "public", name));
  const extension = extname(name);
  if (extension !== ".png") bytes = Buffer.from(published(bytes.toString("utf8")));
  const file = `${name.slice(0, -extension.length)}.${hashOf(bytes)}${extension}`;
  writeFileSync(join(dist, file), bytes);
  assets.set(name, { file, bytes });
}
// The service worker knows what the shell is made of; its version is that of all of it.
{
  const worker = assets.get("sw.js");
  // A worker is no module here: what a module would say of itself is taken off.
  worker.bytes = Buffer.from(worker.bytes.toString("utf8").replace(/export\s*\{\s*\};?\s*$/, ""));
  const shell = ["app.css", "app.js", "favicon.svg"].map((name) => assets.get(name));
  for (const [name, asset] of assets) if (/-latin-.*\.woff2$/.test(name) && !name.includes("italic")) shell.push(asset);
  const urls = shell.map((asset) => `/assets/${asset.file}`);
  const version = hashOf(Buffer.from(urls.join("\n") + worker.bytes));
  const text = worker.bytes.toString("utf8").replace(/["'`]__SHELL__["'`]/, JSON.stringify(urls)).replace("__VERSION__", version);
  if (text.includes("__SHELL__") || text.includes("__VERSION__")) throw new Error("sw.js: its placeholders were not found");
  worker.bytes = Buffer.from(text);
  writeFileSync(join(dist, worker.file), worker.bytes);
}

const packed = join(out, "packed");
rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
const quote = (text) => JSON.stringify(text);
const embed = [];
const declare = [];
const rows = [];
const store = (symbol, path, size) => {
  embed.push(`    ".globl ${symbol}\\n${symbol}:\\n.incbin ${quote(path).replaceAll('"', '\\"')}\\n"`);
  declare.push(`extern const char ${symbol}[];`);
  return `{${symbol}, ${size}}`;
};
let index = 0;
for (const [name, { file, bytes }] of [...assets].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const type = mediaTypes[extname(file)];
  if (!type) throw new Error(`${file}: what media type is that?`);
  const symbol = `braid_asset_${index++}`;
  const views = [store(symbol, join(dist, file), bytes.length)];
  const codings = {
    gz: () => gzipSync(bytes, { level: 9 }),
    br: () => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  };
  for (const [suffix, compress] of Object.entries(codings)) {
    const small = /woff2|png/.test(type) || extname(file) === ".png" ? null : compress();
    if (!small || small.length >= bytes.length) {
      views.push("{}");
      continue;
    }
    const path = join(packed, `${file}.${suffix}`);
    writeFileSync(path, small);
    views.push(store(`${symbol}_${suffix}`, path, small.length));
  }
  rows.push(`    {${quote(name)}, ${quote(`/assets/${file}`)}, ${quote(type)}, ${views.join(", ")}},`);
}

// Icons: the inside of each <svg>; the frame around it is drawn by shell::icon.
const icons = [];
for (const line of readFileSync(join(root, "icons.txt"), "utf8").split("\n")) {
  const name = line.replace(/#.*/, "").trim();
  if (!name) continue;
  const svg = readFileSync(join(root, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)[1].replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
  icons.push([name, inside]);
}
icons.sort(([a], [b]) => (a < b ? -1 : 1));

const text = `// Made by web/tools/build.mjs.
#include "platform/web/assets.h"

asm(
    ".section .rodata\\n"
${embed.join("\n")}
    ".byte 0\\n"
    ".text\\n");

extern "C" {
${declare.join("\n")}
}

namespace braid::web {

namespace {
const Asset kAssets[] = {
${rows.join("\n")}
};
constexpr Icon kIcons[] = {
${icons.map(([name, inside]) => `    {${quote(name)}, R"svg(${inside})svg"},`).join("\n")}
};
}  // namespace

std::span<const Asset> assets() { return kAssets; }
std::span<const Icon> icons() { return kIcons; }

}  // namespace braid::web
`;
writeFileSync(join(out, "assets_data.cpp"), text);
