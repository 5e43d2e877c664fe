// After `vite build`: compressed copies for the server to send, and the budget of the first load.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const DIST = "dist";
/** What a first visit may load: compressed JavaScript, in bytes. */
const BUDGET = 250_000;
/** Below this, a compressed copy saves nothing. */
const WORTH_IT = 1_024;

const manifest = JSON.parse(readFileSync(join(DIST, "manifest.json"), "utf8"));
rmSync(join(DIST, "manifest.json"));

for (const name of readdirSync(DIST, { recursive: true })) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const content = readFileSync(join(DIST, name));
  if (content.length < WORTH_IT) continue;
  writeFileSync(join(DIST, `${name}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(DIST, `${name}.br`), brotliCompressSync(content));
}

/** The entry and everything that it imports at once, plus one language and the pages that a first visit may open. */
function firstLoad() {
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  visit("index.html");
  // A workspace opens with its overview, and that with its chart.
  const first = /i18n\/vi\/index|ui\/chart|routes\/_in(\.tsx|\/w\.\$workspaceId(\.tsx|\/index\.tsx))/;
  for (const key of Object.keys(manifest)) if (first.test(key)) visit(key);
  return [...files];
}

const sizes = firstLoad().map((file) => [gzipSync(readFileSync(join(DIST, file))).length, file]);
const total = sizes.reduce((sum, [size]) => sum + size, 0);
console.log(`First load: ${(total / 1000).toFixed(1)} kB of compressed JavaScript, of ${BUDGET / 1000} kB`);
if (total > BUDGET) {
  for (const [size, file] of sizes.sort(([a], [b]) => b - a)) console.error(`${size} ${file}`);
  console.error("The first load is over its budget: split a page, or find a smaller package.");
  process.exit(1);
}
