// What a reader of the report sees and can do. tests/report/run makes the pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { chromium } from "playwright-core";

const folder = process.env.MNNQ_REPORT_PAGES;
const widths = { phone: 390, desktop: 1280 };
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser?.close());

async function open(layers, { width = widths.desktop, ...context } = {}) {
  const page = await (await browser.newContext({ viewport: { width, height: 900 }, offline: true, ...context })).newPage();
  page.faults = [];
  page.on("pageerror", error => page.faults.push(error.message));
  page.on("console", message => message.type() === "error" && page.faults.push(message.text()));
  page.on("request", request => /^(file|data):/.test(request.url()) || page.faults.push(request.url()));
  page.on("dialog", dialog => { page.faults.push("a name of the model ran as script"); return dialog.dismiss(); });
  await page.goto(pathToFileURL(join(folder, `${layers}.html`)).href);
  return page;
}

const shownRows = page => page.locator("table.layers tbody tr:visible:not(.detail)");
const column = (page, label) => page.locator(`table.layers tbody tr:visible td[data-l="${label}"]`).allInnerTexts();

for (const layers of [10, 500]) {
  for (const [name, width] of Object.entries(widths)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${layers} layers, ${name}, ${colorScheme}: nothing sticks out, nothing fails, nothing is loaded`, async () => {
        const page = await open(layers, { width, colorScheme });
        await shownRows(page).nth(2).locator("button.op").click();
        const [content, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= view, `${content} pixels in ${view}`);
        assert.deepEqual(page.faults, []);
        await page.screenshot({ path: join(folder, `${layers}-${name}-${colorScheme}.png`), fullPage: true });
      });

      test(`${layers} layers, ${name}, ${colorScheme}: text stands out from what is behind it`, async () => {
        const page = await open(layers, { width, colorScheme });
        const weak = await page.evaluate(leastContrast);
        assert.deepEqual(weak, []);
      });
    }
  }
}

// WCAG 2.2, 1.4.3: 4.5 to 1. Runs in the page.
function leastContrast() {
  const channels = color => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!text || element.closest("svg, script") || !element.getClientRects().length) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(weak)];
}

test("a heading sorts by its column, and once more the other way round", async () => {
  const page = await open(500);
  const heading = page.locator("table.layers thead th[data-key=c]");
  await heading.locator("button").click();
  const numbers = async () => (await column(page, "Cosine")).map(parseFloat);
  let cosines = await numbers();
  assert.equal(cosines.length, 50);
  assert.deepEqual(cosines, [...cosines].sort((a, b) => a - b));
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  await heading.locator("button").click();
  cosines = await numbers();
  assert.deepEqual(cosines, [...cosines].sort((a, b) => b - a));
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
});

test("name, type and place narrow the table, and the count says so", async () => {
  const page = await open(500);
  await page.getByLabel("Find").fill("features.12");
  assert.equal(await shownRows(page).count(), 11);
  assert.match(await page.locator("#shown").innerText(), /11 of 11 matching layers shown, 500 in all/);
  await page.getByLabel("Find").fill("");
  await page.locator("#type").selectOption("ReLU");
  await page.locator("#runs").selectOption("float");
  assert.ok((await column(page, "Type")).every(type => type === "ReLU"));
  assert.ok((await column(page, "Runs in")).every(place => place === "float"));
});

test("long tables come in pages", async () => {
  const page = await open(500);
  assert.equal(await shownRows(page).count(), 50);
  await page.getByRole("button", { name: "Show more" }).click();
  assert.equal(await shownRows(page).count(), 100);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await shownRows(page).count(), 500);
});

test("the keyboard alone reaches a layer, opens and closes its details", async () => {
  const page = await open(10);
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.matches("button.op"))) break;
  }
  const focused = page.locator("button.op:focus");
  assert.equal(await focused.count(), 1);
  assert.notEqual(await focused.evaluate(e => getComputedStyle(e).outlineStyle), "none");
  await page.keyboard.press("Enter");
  assert.equal(await focused.getAttribute("aria-expanded"), "true");
  assert.equal(await page.locator("tr.detail").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("tr.detail").count(), 0);
});

test("a screen reader finds a title, named sections, a named table and a text for each picture", async () => {
  const page = await open(10);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("table", { name: "Layers" }).count(), 1);
  assert.equal(await page.getByRole("navigation", { name: "Sections" }).count(), 1);
  const unnamed = await page.evaluate(() => [...document.querySelectorAll("img, svg")]
    .filter(e => !e.hasAttribute("alt") && !e.getAttribute("aria-label") && !e.closest("[aria-hidden=true]"))
    .map(e => e.outerHTML.slice(0, 100)));
  assert.deepEqual(unnamed, []);
  const unlabelled = await page.evaluate(() => [...document.querySelectorAll("input, select")].filter(e => !e.labels.length).length);
  assert.equal(unlabelled, 0);
});

test("without script all layers are there to read", async () => {
  const page = await open(500, { javaScriptEnabled: false });
  assert.equal(await page.locator("table.layers tbody tr:visible").count(), 500);
});

test("print shows every layer and no controls", async () => {
  const page = await open(500);
  await page.emulateMedia({ media: "print" });
  assert.equal(await shownRows(page).count(), 500);
  assert.equal(await page.locator(".controls").isVisible(), false);
  await page.pdf({ path: join(folder, "500.pdf") });
});
