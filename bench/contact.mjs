// node bench/contact.mjs FILE.jsonl [all|tune|report] [--misses]: precision, recall and F2 of `braid safety scan` on labelled sentences
// ({id, text, spans: [[begin, end, label]]}, offsets in code points).
//
// The sentences are split by a hash of their id: rules may be tuned on "tune", figures are taken from "report".
// Kinds are labels: EMAIL_ADDRESS email, PHONE_NUMBER phone, STREET_ADDRESS address, DOMAIN_NAME and URL url. ZIP_CODE and GPE (the place and the
// postcode of an address) are neither wanted nor wrong inside an address we found; every other label is wrong to find; under "strict" they are wrong too.
// A token is a run of non-space; it counts for the kind whose span covers a letter or digit of it. A span counts when one of the same kind
// overlaps it.
import {spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";

const [file, half = "all", flag] = process.argv.slice(2);
const kKinds = {EMAIL_ADDRESS: "email", PHONE_NUMBER: "phone", STREET_ADDRESS: "address", DOMAIN_NAME: "url", URL: "url"};
const half_of = id => (createHash("sha256").update(String(id)).digest()[0] % 2 === 0 ? "tune" : "report");
const rows = readFileSync(file, "utf8").trim().split("\n").map(line => JSON.parse(line)).filter(row => half === "all" || half_of(row.id) === half);
const run = spawnSync("build/release/braid", ["safety", "scan", "-"], {
  input: rows.map(({id, text}) => JSON.stringify({id, text})).join("\n"), encoding: "utf8", maxBuffer: 1 << 28});
if (run.status !== 0) throw new Error(run.stderr);
const found = new Map(rows.map(row => [row.id, []]));
for (const line of run.stdout.split("\n").filter(Boolean)) {
  const span = JSON.parse(line);
  found.get(span.id).push(span);
}

const tally = () => ({right: 0, wrong: 0, missed: 0});
const tokens = {}, strict = {}, spans = {};
const add = (table, kind, what) => {
  for (const name of [kind, "all"]) (table[name] ??= tally())[what] += 1;
};
for (const row of rows) {
  const points = [...row.text];
  const wanted = row.spans.filter(([, , label]) => kKinds[label]).map(([begin, end, label]) => ({begin, end, kind: kKinds[label]}));
  const neutral = row.spans.filter(([, , label]) => label === "ZIP_CODE" || label === "GPE");
  const got = found.get(row.id);
  const covers = (list, begin, end) => list.find(span => span.begin < end && begin < span.end);
  for (let i = 0; i < points.length;) {
    if (/\s/u.test(points[i])) { ++i; continue; }
    let end = i;
    while (end < points.length && !/\s/u.test(points[end])) ++end;
    let from = i, to = end;
    while (from < to && !/[\p{L}\p{N}]/u.test(points[from])) ++from;
    while (to > from && !/[\p{L}\p{N}]/u.test(points[to - 1])) --to;
    if (from < to) {
      const want = covers(wanted, from, to)?.kind, have = covers(got, from, to)?.kind;
      const passed = have === "address" && !want && neutral.some(([b, e]) => b < to && from < e);
      for (const table of [tokens, strict]) {
        if (want && want === have) add(table, want, "right");
        else {
          if (want) add(table, want, "missed");
          if (have && (!passed || table === strict)) add(table, have, "wrong");
        }
      }
    }
    i = end;
  }
  const where = span => points.slice(Math.max(0, span.begin - 30), span.begin).join("") + "[" + points.slice(span.begin, span.end).join("") + "]" + points.slice(span.end, span.end + 12).join("");
  for (const want of wanted) {
    const hit = got.some(span => span.kind === want.kind && span.begin < want.end && want.begin < span.end);
    add(spans, want.kind, hit ? "right" : "missed");
    if (!hit && flag) console.log("missed", row.id, want.kind, JSON.stringify(where(want)));
  }
  for (const span of got) {
    if (wanted.some(want => span.kind === want.kind && span.begin < want.end && want.begin < span.end)) continue;
    add(spans, span.kind, "wrong");
    if (flag) console.log("wrong", row.id, span.kind, JSON.stringify(where(span)));
  }
}
const print = (title, table) => {
  console.log(`${title.padEnd(10)} ${"precision".padStart(9)} ${"recall".padStart(7)} ${"F2".padStart(6)}   right wrong missed`);
  for (const [kind, {right, wrong, missed}] of Object.entries(table).sort()) {
    const precision = right / (right + wrong || 1), recall = right / (right + missed || 1);
    const f2 = (5 * precision * recall) / (4 * precision + recall || 1);
    console.log(`${kind.padEnd(10)} ${precision.toFixed(3).padStart(9)} ${recall.toFixed(3).padStart(7)} ${f2.toFixed(3).padStart(6)}   ${right} ${wrong} ${missed}`);
  }
};
console.log(`${rows.length} sentences (${half})`);
print("tokens", tokens);
print("strict", strict);
print("spans", spans);
