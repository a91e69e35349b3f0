// Opens a WACZ in ReplayWeb.page in a real Chromium, both served on loopback, and
// prints as JSON what its replay of a page shows and what it says of hashes and
// signature. Usage: node replay.mjs FILE.wacz URL WORDS CHROMIUM
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [wacz, url, words, chromium] = process.argv.slice(2);
const viewer = join(dirname(fileURLToPath(import.meta.url)), "node_modules", "replaywebpage");
const types = { ".html": "text/html", ".js": "text/javascript", ".wacz": "application/wacz" };

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const file = path === "/case.wacz" ? wacz : join(viewer, path === "/" ? "index.html" : path);
  let size;
  try {
    size = statSync(file).size;
  } catch {
    response.writeHead(404).end();
    return;
  }
  const headers = { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Accept-Ranges": "bytes" };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  let [from, to, status] = [0, size - 1, 200];
  if (range) {
    status = 206;
    from = range[1] === "" ? size - Number(range[2]) : Number(range[1]);
    to = range[1] === "" || range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
    headers["Content-Range"] = `bytes ${from}-${to}/${size}`;
  }
  headers["Content-Length"] = to - from + 1;
  response.writeHead(status, headers);
  if (request.method === "HEAD" || size === 0) response.end();
  else createReadStream(file, { start: from, end: to }).pipe(response);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, pipe: true, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  // The archived site must not be reached: what shows comes out of the archive.
  const asked = [];
  page.on("request", (r) => { if (!r.url().startsWith(base) && /^https?:/.test(r.url())) asked.push(r.url()); });
  await page.goto(`${base}/?source=${encodeURIComponent(base + "/case.wacz")}#view=pages&url=${encodeURIComponent(url)}`);
  const deadline = Date.now() + 90_000;
  let shown = null;
  while (!shown && Date.now() < deadline) {
    for (const frame of page.frames()) {
      if (!frame.url().includes("mp_/")) continue;
      const text = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
      if (text.includes(words)) shown = { frame: frame.url().slice(base.length), text };
    }
    if (!shown) await page.waitForNetworkIdle({ idleTime: 200, timeout: 1000 }).catch(() => {});
  }
  // What the viewer keeps of its own checks: the words of its page count a
  // signature as verified whether or not it matched.
  const checks = await page.evaluate(async () => {
    const all = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => failed(opening.error);
      });
      if (db.objectStoreNames.contains("verification")) {
        const reading = db.transaction("verification").objectStore("verification").getAll();
        await new Promise((done) => { reading.onsuccess = done; });
        all.push(...reading.result);
      }
      db.close();
    }
    return all;
  });
  // The words of its information page, which lies in shadow trees.
  await page.goto(`${base}/?source=${encodeURIComponent(base + "/case.wacz")}#view=info`);
  await page.evaluate(() => dispatchEvent(new HashChangeEvent("hashchange")));
  let says = "";
  while (!/hashes\s+verified|Not Available/.test(says) && Date.now() < deadline) {
    says = await page.evaluate(() => {
      const text = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.textContent;
        if (node.nodeName === "STYLE" || node.nodeName === "SCRIPT") return "";
        return [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(text).join(" ");
      };
      return text(document.body).replace(/\s+/g, " ");
    });
    if (!/verified/.test(says)) await page.waitForNetworkIdle({ idleTime: 200, timeout: 1000 }).catch(() => {});
  }
  console.log(JSON.stringify({ shown, asked, checks, says, frames: page.frames().map((f) => f.url()) }));
} finally {
  await browser.close();
  server.close();
}
