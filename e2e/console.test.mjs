// The console in a real browser, against the real program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { codes, isAccessible, launch, leads, newPage, signIn } from "./browser.mjs";
import { Demo, password } from "./server.mjs";

const john = "litwareinc\\johnsmith";
const denise = "litwareinc\\denisesmith";
// Who works in the console: the help desk, who sets PINs, and who may do everything.
const [desk, keeper, chief] = ["packerman", "kenmyer", "mariagarcia2"];
let demo, browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), launch()]);
  await demo.shell(`Grant-CsAdminRole -Identity "litwareinc\\${chief}" -Role CsAdministrator`);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** A page of the console for whoever signs in. */
async function enter(who, at = "/admin", options = {}) {
  const page = await newPage(browser, demo.url, options);
  await signIn(page, who, password, at);
  return page;
}

const press = (page, name) => leads(page, () => page.getByRole("button", { name, exact: true }).click());
const follow = (page, name) => leads(page, () => page.getByRole("link", { name, exact: true }).click());
const title = (page) => page.textContent("h1");
const said = (page) => page.textContent(".notice");

/** The sheet of somebody, found by name. */
async function sheet(page, name) {
  await page.goto(`/admin/users?q=${encodeURIComponent(name)}`);
  await follow(page, name);
  return new URL(page.url()).pathname;
}

/** Posts a form of the session from within the page, as whoever makes their own form would. */
const post = (page, path, fields = {}) => page.evaluate(async ([path, fields]) => {
  const token = document.querySelector("input[name=token]").value;
  const body = new URLSearchParams({ token, ...fields });
  const { status } = await fetch(path, { method: "POST", body, redirect: "manual" });
  return status;
}, [path, fields]);

test("the help desk finds somebody while typing, locks the PIN after a question, and unlocks it", async () => {
  await demo.shell(`Set-CsClientPin -Identity "${john}" -Pin 18723834`);
  const page = await enter(desk, "/");
  await follow(page, "Administration");
  assert.equal(new URL(page.url()).pathname, "/admin/users");
  const [people, search] = [page.locator("#found tbody th"), page.locator("#q")];
  for (const [typed, found] of [
    ["smi", ["Denise Smith", "John Smith"]],
    ["john smi", ["John Smith"]],
    ["johnsmith@litw", ["John Smith"]],
    ["+1425555", null],
    ["nobody has this name", []],
    ["smith joh", ["John Smith"]],
  ]) {
    await search.fill("");
    await page.getByText("Type the beginning of a name").waitFor();
    await search.pressSequentially(typed);
    await page.locator("#found p, #found table").first().waitFor();
    if (!found) {
      await people.first().waitFor();
      continue;
    }
    if (found.length === 0) await page.getByText("Nobody is found").waitFor();
    for (const name of found) await page.locator("#found").getByRole("link", { name, exact: true }).waitFor();
    for (const name of await people.allTextContents()) assert.match(name, /smith/i);
  }
  assert.equal(new URL(page.url()).search, "", "the page was not left");
  await isAccessible(page, "found while typing");

  await follow(page, "John Smith");
  assert.equal(await title(page), "John Smith");
  await follow(page, "Lock the PIN…");
  await isAccessible(page, "the question before a lock");
  await follow(page, "Leave it");
  assert.equal(await demo.logOn(john, "18723834"), "Success");
  await follow(page, "Lock the PIN…");
  await press(page, "Lock the PIN");
  assert.equal(await said(page), "The PIN is locked.");
  assert.equal(await demo.logOn(john, "18723834"), "UserPinAccountLocked");
  await press(page, "Unlock the PIN");
  assert.match(await said(page), /unlocked/);
  assert.equal(await demo.logOn(john, "18723834"), "Success");
  await page.context().close();
});

test("whoever keyed wrong PINs too often is seen to be locked out, and let in again", async () => {
  await demo.shell(`Set-CsClientPin -Identity "${denise}" -Pin 18723834`);
  while (await demo.logOn(denise, "90518263") === "IncorrectPin");
  const page = await enter(chief);
  await sheet(page, "Denise Smith");
  const pin = page.locator("section", { has: page.locator("#pin") });
  assert.match(await pin.textContent(), /Locked out until/);
  assert.match(await page.textContent("section:has(#recent)"), /UserPinAccountLocked/);
  assert.match(await page.textContent("section:has(#recent)"), /switchboard/);
  await isAccessible(page, "locked out");
  await press(page, "Unlock the PIN");
  assert.match(await pin.textContent(), /Set, and not locked\./);
  assert.match(await pin.textContent(), /0 in a row lately, 0 since the last unlock/);
  assert.equal(await demo.logOn(denise, "18723834"), "Success");
  await page.context().close();
});

test("a PIN that has expired is told as expired, and a policy that is not there beside its form", async () => {
  await demo.shell(`Set-CsClientPin -Identity "${denise}" -Pin 18723834 -ExpiresIn 00:00:01`);
  const page = await enter(chief);
  const address = await sheet(page, "Denise Smith");
  const pin = page.locator("section", { has: page.locator("#pin") });
  // It expires by the clock of the server, which the page follows.
  while (!(await pin.textContent()).includes("Another one has to be set.")) await page.goto(address);
  assert.ok(!(await pin.textContent()).includes("not locked"));
  await page.fill("#policy", "Nothing");
  await press(page, "Go on…");
  assert.deepEqual(await codes(page), ["PolicyNotFound"]);
  assert.equal(await title(page), "Denise Smith");
  await page.context().close();
});

test("a generated PIN is shown once, is copied, and opens", async () => {
  const page = await enter(keeper);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const address = await sheet(page, "Denise Smith");
  await press(page, "Assign");
  assert.equal(await title(page), "A new PIN");
  const pin = await page.textContent("#generated");
  assert.match(pin, /^[0-9]{5,}$/);
  await isAccessible(page, "a new PIN");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), pin);
  assert.equal(await demo.logOn(denise, pin), "Success");
  await follow(page, "Done");
  assert.equal(new URL(page.url()).pathname, address);
  assert.ok(!(await page.content()).includes(pin));

  await page.fill("#new-pin", "1234");
  await press(page, "Assign");
  assert.deepEqual(await codes(page), ["PinRefused"]);
  assert.equal(await page.inputValue("#new-pin"), "");
  await isAccessible(page, "a PIN refused");
  await page.fill("#new-pin", "18723834");
  await page.check("#must-change");
  await press(page, "Assign");
  assert.equal(await said(page), "The PIN is set.");
  assert.equal(await demo.logOn(denise, "18723834"), "PinMustBeChanged");
  await page.context().close();
});

test("what a role does not allow has no button, and is refused by the console and the API", async () => {
  const page = await enter(desk);
  assert.deepEqual(await page.locator("header nav a").allTextContents(),
    ["Dial-in conferencing", "Administration", "Users", "Sites"]);
  const address = await sheet(page, "John Smith");
  for (const gone of ["#new-pin", "#policy", "#pin", "#recent", "#roles"]) {
    assert.equal(await page.locator(gone).count(), 0, gone);
  }
  for (const path of [`${address}/pin`, `${address}/policy`, "/admin/policies/new", "/admin/policies/edit",
    "/admin/policies/remove"]) {
    assert.equal(await post(page, path, { of: "global" }), 403, path);
  }
  // Without the token of the session nothing is taken, whatever the role allows.
  assert.equal(await post(page, `${address}/lock`, { token: "" }), 403);
  for (const path of ["/admin/policies", "/admin/audit", "/admin/dashboard", "/admin/roles", "/admin/clients"]) {
    assert.equal((await page.goto(path)).status(), 403, path);
    assert.deepEqual(await codes(page), ["AccessDenied"], path);
  }
  await isAccessible(page, "not allowed");
  await page.context().close();

  const key = await demo.client("desk", "role:CsHelpDesk");
  const user = "/users/johnsmith@litwareinc.com";
  for (const [method, path, body] of [
    ["PUT", `${user}/pin`, { pin: "60591837" }],
    ["GET", `${user}/pin`],
    ["PUT", `${user}/policy`, { policy: null }],
    ["GET", "/policies"],
    ["GET", "/audit"],
    ["POST", "/logon", { user: john, pin: "18723834" }],
  ]) {
    const answer = await demo.api(key, method, path, body);
    assert.equal(answer.status, 403, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  }
  assert.equal((await demo.api(key, "GET", user)).status, 200);
  assert.equal(await demo.logOn(john, "18723834"), "Success", "the PIN is as it was");

  const nobody = await enter("johnsmith");
  assert.match(await nobody.textContent("main"), /You hold no role/);
  assert.equal(await nobody.getByRole("link", { name: "Administration" }).count(), 0);
  await isAccessible(nobody, "no role");
  await nobody.context().close();
});

test("policies are compared, and a change is shown with what it would mean before it is made", async () => {
  await demo.shell("New-CsPinPolicy -Identity Night -MinPasswordLength 8 -PINHistoryCount 5");
  const page = await enter(chief, "/admin/policies");
  await page.selectOption("#compare-of", "Global");
  await page.selectOption("#compare-and", "Tag:Night");
  await press(page, "Compare");
  const differing = () => page.locator("tr.differs th").allTextContents();
  assert.deepEqual(await differing(), ["Fewest digits", "Earlier PINs that cannot be chosen"]);
  await isAccessible(page, "side by side");

  await page.goto("/admin/policies/one?of=global");
  await follow(page, "Change…");
  await page.fill("#min_length", "3");
  await press(page, "Go on…");
  assert.deepEqual(await codes(page), ["PolicyInvalid"]);
  await isAccessible(page, "a policy refused");
  await page.fill("#min_length", "6");
  await page.fill("#attempts", "1");
  await press(page, "Go on…");
  assert.equal(await title(page), "What it would mean");
  assert.deepEqual(await differing(), ["Fewest digits", "Failures until a lockout"]);
  assert.match(await page.textContent("main"), /governs \d+ users/);
  await isAccessible(page, "what it would mean");
  const length = async () => {
    const kept = await demo.shell("(Get-CsPinPolicy -Identity Global).MinPasswordLength");
    return Number(/^\s*(\d+)\s*$/m.exec(kept)[1]);
  };
  assert.equal(await length(), 5);
  await follow(page, "Leave it");
  assert.equal(await length(), 5);
  await follow(page, "Change…");
  await page.fill("#min_length", "6");
  await press(page, "Go on…");
  await press(page, "Change it");
  assert.equal(await said(page), "The policy is changed.");
  assert.equal(await length(), 6);

  await sheet(page, "John Smith");
  await page.fill("#policy", "Night");
  await press(page, "Go on…");
  assert.match(await page.textContent("main"), /is governed by Site:Redmond now and would be by Tag:Night/);
  await isAccessible(page, "what a grant would mean");
  await press(page, "Grant it");
  assert.match(await page.textContent("main"), /Tag:Night, granted to this user/);
  await page.goto("/admin/policies/one?of=Tag:Night");
  await follow(page, "Remove…");
  assert.match(await page.textContent("main"), /1 users under Site:Redmond/);
  await press(page, "Remove it");
  assert.equal(await said(page), "The policy is removed.");
  await page.context().close();
});

test("a site and an access number are made, changed and removed", async () => {
  const page = await enter(chief, "/admin/sites");
  await follow(page, "New site…");
  await page.fill("#of", "Tacoma");
  await page.selectOption("#rule", "filter");
  await page.fill("#filter", "(department=");
  await press(page, "Create");
  assert.deepEqual(await codes(page), ["LdapFilterInvalid"]);
  assert.equal(await page.inputValue("#of"), "Tacoma");
  await isAccessible(page, "a site refused");
  await page.fill("#filter", "(department=Nowhere)");
  await press(page, "Create");
  assert.equal(await said(page), "The site is created.");
  await isAccessible(page, "a site created");
  assert.match(await demo.shell("Get-CsSite -Identity Tacoma"), /department=Nowhere/);
  await follow(page, "Change Tacoma");
  await page.fill("#display_name", "Tacoma harbour");
  await press(page, "Change");
  await page.getByRole("cell", { name: "Tacoma harbour" }).waitFor();
  await follow(page, "Remove Tacoma");
  await isAccessible(page, "the question before a removal");
  await press(page, "Remove the site");
  assert.equal(await said(page), "The site is removed.");

  await page.goto("/admin/access-numbers");
  await follow(page, "New access number…");
  await page.fill("#of", "sip:TacomaDialIn@litwareinc.com");
  await page.fill("#display_number", "1-800-555-1235");
  await page.fill("#line", "tel:18005551235");
  await page.fill("#regions", "Tacoma\nSeattle");
  await page.fill("#pool", "atl-cs-001.litwareinc.com");
  await press(page, "Create");
  assert.deepEqual(await codes(page), ["AccessNumberInvalid"]);
  await page.fill("#line", "tel:+18005551235");
  await press(page, "Create");
  assert.equal(await said(page), "The access number is created.");
  await page.goto("/");
  assert.equal(await page.locator("a[href='tel:+18005551235']").count() > 0, true, "people are shown it");
  await page.goto("/admin/access-numbers");
  await follow(page, "Change sip:TacomaDialIn@litwareinc.com");
  await page.fill("#regions", "Redmond");
  await press(page, "Change");
  await follow(page, "Order of sip:TacomaDialIn@litwareinc.com");
  assert.ok(await page.locator("ol li:first-child strong").count() === 0, "it is not the first yet");
  await press(page, "Move it");
  assert.equal(await said(page), "The place is changed.");
  assert.equal(await page.textContent("ol li:first-child strong"), "1-800-555-1235");
  await page.goto("/admin/access-numbers");
  await follow(page, "Remove sip:TacomaDialIn@litwareinc.com");
  await press(page, "Remove the number");
  assert.equal(await said(page), "The access number is removed.");
  await page.context().close();
});

test("a client of the API gets a key that is shown once, another one, and is removed", async () => {
  const page = await enter(chief, "/admin/clients");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await follow(page, "New client…");
  await page.fill("#of", "gateway");
  await page.selectOption("#rights", "trusted-logon");
  await press(page, "Add");
  const key = await page.textContent("#generated");
  await isAccessible(page, "a new key");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  const logOn = { user: john, pin: "90518263" };
  assert.equal((await demo.api(key, "POST", "/logon", logOn)).status, 200);
  await follow(page, "Done");
  assert.ok(!(await page.content()).includes(key));
  await follow(page, "Another key for gateway");
  await page.fill("#hours", "0");
  await press(page, "Give it another");
  const other = await page.textContent("#generated");
  assert.equal((await demo.api(key, "POST", "/logon", logOn)).status, 401);
  assert.equal((await demo.api(other, "POST", "/logon", logOn)).status, 200);
  await follow(page, "Done");
  await follow(page, "Another key for gateway");
  await page.fill("#certificate", "5F:".repeat(31) + "5F");
  await press(page, "Give it another");
  assert.match(await page.textContent("main"), /by its certificate/);
  await isAccessible(page, "a new certificate");
  await follow(page, "Done");
  assert.match(await page.textContent("main"), /sha256:5f5f/);
  await follow(page, "Remove gateway");
  await press(page, "Remove the client");
  assert.equal((await demo.api(other, "POST", "/logon", logOn)).status, 401);
  await page.context().close();
});

test("a role of the company's own is made, granted, opens no more than it says, and is taken back", async () => {
  const page = await enter(chief, "/admin/roles");
  await follow(page, "New role…");
  await page.fill("#of", "Moon desk");
  await page.fill("#users", "OU:OU=Moon,DC=litwareinc,DC=com");
  await press(page, "Create");
  assert.match(await page.textContent("main"), /nobody is in/);
  await isAccessible(page, "a role to think about");
  await press(page, "Do it all the same");
  assert.equal(await said(page), "The role is created.");
  await follow(page, "Change Moon desk");
  await page.fill("#users", "global");
  await page.getByLabel("Get-CsPinAudit").check();
  await press(page, "Change");
  assert.equal(await said(page), "The role is changed.");
  await sheet(page, "John Smith");
  await page.selectOption("#role", "Moon desk");
  await press(page, "Grant the role");
  assert.equal(await said(page), "The role is granted.");
  await isAccessible(page, "a role granted");

  const held = await enter("johnsmith");
  assert.deepEqual(await held.locator("header nav a").allTextContents(),
    ["Dial-in conferencing", "Administration", "Dashboard", "Users", "Sites", "Audit log"]);
  await page.selectOption("#held", "Moon desk");
  await press(page, "Take it back");
  assert.equal((await held.goto("/admin/users")).status(), 403);
  await held.context().close();
  await page.goto("/admin/roles");
  await follow(page, "Remove Moon desk");
  await press(page, "Remove the role");
  assert.equal(await said(page), "The role is removed.");
  await page.context().close();
});

test("the audit log is searched, and its times are those of the reader", async () => {
  const page = await enter(chief, "/admin/audit", { timezoneId: "America/Los_Angeles" });
  await page.fill("#action", "Lock-CsClientPin");
  await press(page, "Search");
  const rows = page.locator("tbody tr");
  assert.ok(await rows.count() >= 1);
  for (const row of await rows.allTextContents()) assert.match(row, /packerman.*Lock-CsClientPin.*John Smith|johnsmith/i);
  const [shown, besides, exact] = await rows.first().locator("time").evaluate((time) =>
    [time.textContent, time.title, time.dateTime]);
  const zone = { timeZone: "America/Los_Angeles", dateStyle: "medium", timeStyle: "medium" };
  assert.equal(shown, new Intl.DateTimeFormat("en-GB", zone).format(new Date(exact)));
  assert.match(besides, /UTC$/);
  await leads(page, () => rows.first().locator("a").click());
  assert.equal(await title(page), "John Smith");
  await page.goto("/admin/audit?outcome=UserPinAccountLocked");
  assert.ok(await rows.count() >= 1);
  await page.goto("/admin/audit?actor=nobody");
  assert.match(await page.textContent("main"), /no such records/);
  await page.goto("/admin/audit?after=yesterday");
  assert.deepEqual(await codes(page), ["InputInvalid"]);
  await page.context().close();
});

test("the dashboard draws what came of logons", async () => {
  const page = await enter(chief, "/admin/dashboard");
  await follow(page, "7 days");
  assert.equal(await page.textContent("[aria-current=true]"), "7 days");
  for (const [name, bars] of [["outcomes", "good bad locked"], ["lockouts", "bad"]]) {
    const chart = page.locator(".chart", { has: page.locator(`#${name}-title`) });
    await chart.locator("svg").waitFor();
    for (const bar of bars.split(" ")) {
      const box = await chart.locator(`rect.${bar}`).last().boundingBox();
      assert.ok(box.width > 0 && box.height > 0, `${name}: ${bar}`);
    }
    await chart.locator("summary").click();
    assert.ok(await chart.locator("table").isVisible());
  }
  assert.match(await page.textContent("section:has(#sources)"), /switchboard/);
  const tile = page.locator(".tiles div", { hasText: "PINs set" });
  assert.ok(Number(await tile.locator("dd").textContent()) >= 2);
  await isAccessible(page, "the dashboard, its tables open");
  await page.context().close();
});

test("each page, light and dark, wide and at a phone's width, for everybody", async () => {
  await demo.shell(`Set-CsClientPin -Identity "${denise}" -Pin 18723834`);
  await demo.client("portal", "role:CsHelpDesk");
  await demo.shell("New-CsAdminRole -Identity Desk -Template CsHelpDesk");
  const dialIn = "sip:RedmondDialIn@litwareinc.com";
  for (const [colorScheme, width] of [["light", 1280], ["dark", 320]]) {
    const page = await enter(chief, "/admin", { colorScheme, viewport: { width, height: 800 } });
    const address = await sheet(page, "Denise Smith");
    for (const path of [
      "/admin/dashboard", "/admin/users", "/admin/users?q=smith", address, `${address}/lock`, "/admin/policies",
      "/admin/policies/one?of=global", "/admin/policies/compare?of=global&and=site:Redmond",
      "/admin/policies/new", "/admin/policies/edit?of=global", "/admin/policies/remove?of=global",
      "/admin/sites", "/admin/sites/new", "/admin/sites/edit?of=Redmond", "/admin/sites/remove?of=Redmond",
      "/admin/roles", "/admin/roles/new", "/admin/roles/edit?of=Desk", "/admin/roles/update?of=Desk",
      "/admin/roles/remove?of=Desk",
      "/admin/clients", "/admin/clients/new", "/admin/clients/edit?of=portal", "/admin/clients/rotate?of=portal",
      "/admin/clients/remove?of=portal", "/admin/access-numbers", "/admin/access-numbers/new",
      `/admin/access-numbers/edit?of=${dialIn}`, `/admin/access-numbers/order?of=${dialIn}`,
      `/admin/access-numbers/remove?of=${dialIn}`, "/admin/audit",
      "/admin/directory", "/admin/nothing", "/prove?to=/admin",
    ]) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), path === "/admin/nothing" ? 404 : 200, path);
      await isAccessible(page, `${path}, ${colorScheme}, ${width}`);
    }
    await page.context().close();
  }
});

test("without JavaScript", async () => {
  const page = await enter(keeper, "/admin/users", { javaScriptEnabled: false });
  await page.fill("#q", "denise smith");
  await press(page, "Search");
  await follow(page, "Denise Smith");
  assert.match(await page.textContent("time"), /UTC$/);
  await press(page, "Assign");
  assert.match(await page.textContent("#generated"), /^[0-9]{5,}$/);
  assert.equal(await page.getByRole("button", { name: "Copy" }).count(), 0);
  await page.context().close();
});
