// A browser, and what is asked of every page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page that keeps what the browser complains of: nothing may break the policy of the pages. */
export async function newPage(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, locale: "en-US", timezoneId: "UTC", ...options });
  // A machine that does much else besides is slow, and that is no failure.
  context.setDefaultTimeout(60000);
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    // That a form was refused is told with a status of its own.
    const refused = /status of 4(0[349]|22|29)/.test(message.text());
    if (message.type() === "error" && !refused) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

/** Finds what keeps people from using the page, by the rules of WCAG 2.2 AA. */
export async function isAccessible(page, what) {
  // Evaluated by the debugger, which the policy of the page does not concern.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  assert.deepEqual(told, [], what);
  const overflow = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${what} is ${overflow} px wider than the window`);
  assert.deepEqual(page.complaints, [], what);
}

/** Does what leads to another page, and waits until it is there. */
export async function leads(page, act) {
  await Promise.all([page.waitForNavigation(), act()]);
}

/** Signs in where one is asked to, which is on the start page too. */
export async function signIn(page, who, password, at = "/") {
  await page.goto(at);
  await page.fill("#who", who);
  await page.fill("#password", password);
  await leads(page, () => page.click("main button"));
}

/** Fills in the form of a PIN and sends it. */
export async function choose(page, pin, again = pin) {
  await page.fill("#pin", pin);
  await page.fill("#again", again);
  await leads(page, () => page.click("#choose button"));
}

export const codes = (page) =>
  page.$$eval("[data-code]", (all) => all.map((one) => one.dataset.code));

/** The state of the PIN as the page tells it; undefined where there is nothing to tell. */
export const state = (page) => page.evaluate(() => document.querySelector(".notice")?.dataset.state);
