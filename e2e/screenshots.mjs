// Makes the pictures of docs/ anew: npm run screenshots
import { mkdirSync } from "node:fs";
import { choose, launch, newPage, signIn } from "./browser.mjs";
import { Demo, password } from "./server.mjs";

const folder = new URL("../docs/screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const [demo, browser] = await Promise.all([Demo.start(), launch()]);

async function picture(name, options, act) {
  const page = await newPage(browser, demo.url, { viewport: { width: 1100, height: 760 }, ...options });
  await act(page);
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.context().close();
}

await picture("users-page", {}, (page) => page.goto("/"));
await picture("users-page-pin", {}, async (page) => {
  await signIn(page, "litwareinc\\johnsmith", password);
  await page.fill("#pin", "1872");
});
await picture("users-page-refused", { colorScheme: "dark" }, async (page) => {
  await signIn(page, "litwareinc\\johnsmith", password);
  await choose(page, "1234");
});
await picture("users-page-arabic", { locale: "ar", viewport: { width: 390, height: 844 } }, (page) =>
  signIn(page, "litwareinc\\johnsmith", password));
await browser.close();
await demo.stop();
