// Makes the pictures of docs/ anew: npm run screenshots
import { mkdirSync } from "node:fs";
import { choose, launch, leads, newPage, signIn } from "./browser.mjs";
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

const john = "litwareinc\\johnsmith";
await demo.shell(`Grant-CsAdminRole -Identity "${john}" -Role CsAdministrator`);
await demo.shell('Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Set-CsClientPin');
await demo.shell(`Set-CsClientPin -Identity "litwareinc\\denisesmith" -Pin 18723834`);
for (const [pin, times] of [["18723834", 9], ["90518263", 2], ["18723834", 4]]) {
  for (let n = 0; n < times; n += 1) await demo.logOn("litwareinc\\denisesmith", pin);
}
while (await demo.logOn("litwareinc\\denisesmith", "90518263") === "IncorrectPin");

/** Of the console, for an administrator. */
const office = (name, path, act = () => {}, options = {}) => picture(name, options, async (page) => {
  await signIn(page, john, password, path);
  await act(page);
});
await office("console-dashboard", "/admin/dashboard", () => {}, { viewport: { width: 1280, height: 1150 } });
await office("console-search", "/admin/users?q=smith", () => {}, { colorScheme: "dark" });
await office("console-user", "/admin/users?q=denisesmith", (page) =>
  leads(page, () => page.click("#found tbody a")));
await office("console-policy-change", "/admin/policies/edit?of=site:Redmond", async (page) => {
  await page.fill("#min_length", "8");
  await page.fill("#lifetime", "90");
  await leads(page, () => page.click("main button[type=submit]"));
});
await office("console-compare", "/admin/policies/compare?of=global&and=site:Redmond");
await office("console-audit", "/admin/audit");
await office("console-sites", "/admin/sites");
await demo.shell("New-CsAdminRole -Identity 'Redmond desk' -Template CsHelpDesk -UserScopes site:Redmond");
await office("console-role", "/admin/roles/edit?of=Redmond%20desk");
await demo.client("portal", "role:CsUserAdministrator");
await office("console-clients", "/admin/clients");
await office("console-access-numbers", "/admin/access-numbers");
await office("console-order", "/admin/access-numbers/order?of=sip:RedmondDialIn@litwareinc.com",
  () => {}, { colorScheme: "dark", viewport: { width: 700, height: 700 } });
await browser.close();
await demo.stop();
