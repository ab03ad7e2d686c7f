// The fonts a page loads first, made lighter: the characters of Western European languages and of careful typography, without the
// instructions for screens of few pixels. Written beside the packages they come from (node_modules/.fonts), once per version of them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Basic Latin, Latin-1, Œ œ ı, spacing accents, dashes, quotation marks, bullets, ellipsis, primes, €, ™, arrows, minus.
const ranges = [
  [0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2c6], [0x2da], [0x2dc], [0x2009, 0x2015], [0x2018, 0x201e], [0x2020, 0x2022],
  [0x2026], [0x2030], [0x2032, 0x2033], [0x2039, 0x203a], [0x2044], [0x20ac], [0x2122], [0x2190, 0x2193], [0x2212], [0xfeff],
];
const families = ["atkinson-hyperlegible", "bricolage-grotesque", "literata"];

export async function subsetFonts(root) {
  const out = join(root, "node_modules/.fonts");
  const stamp = join(out, ".made-from");
  const made = readFileSync(join(root, "package-lock.json"), "utf8") + readFileSync(new URL(import.meta.url), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === made) return;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const subset = (await import(pathToFileURL(join(root, "node_modules/subset-font/index.js")))).default;
  const text = ranges.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i))).join("");
  for (const family of families) {
    const files = join(root, "node_modules/@fontsource", family, "files");
    for (const file of readdirSync(files)) {
      if (!/-latin-[47]00-(normal|italic)\.woff2$/.test(file)) continue;
      writeFileSync(join(out, file), await subset(readFileSync(join(files, file)), text, { targetFormat: "woff2", noHinting: true }));
    }
  }
  writeFileSync(stamp, made);
}
