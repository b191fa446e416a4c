// The users' page in a real browser, against the real program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, codes, isAccessible, launch, leads, newPage, signIn, state } from "./browser.mjs";
import { Demo, password } from "./server.mjs";

const john = "litwareinc\\johnsmith";
const ken = "litwareinc\\kenmyer";
let demo, browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const languages = { en: "ltr", de: "ltr", fr: "ltr", es: "ltr", ja: "ltr", ar: "rtl" };

test("each language, light and dark, wide and narrow, for everybody", async () => {
  for (const [language, direction] of Object.entries(languages)) {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 320]]) {
      const options = { locale: language, colorScheme, viewport: { width, height: 800 } };
      const page = await newPage(browser, demo.url, options);
      await page.goto("/");
      const root = await page.$eval("html", (html) => [html.lang, html.dir]);
      assert.deepEqual(root, [language, direction]);
      assert.ok(await page.locator("a[href^='tel:']").count() > 1);
      assert.equal(await page.locator("kbd").count(), 7);
      await isAccessible(page, `/ in ${language}, ${colorScheme}`);
      await page.context().close();
    }
  }
});

test("each language with a PIN, a refusal and a wrong password", async () => {
  for (const language of Object.keys(languages)) {
    const page = await newPage(browser, demo.url, { locale: language, colorScheme: "dark" });
    await signIn(page, "denisesmith", password);
    await isAccessible(page, `signed in, ${language}`);
    await choose(page, "1234");
    assert.deepEqual(await codes(page), ["PinTooShort", "PinConsecutiveDigits", "PinTooCommon"]);
    await isAccessible(page, `refused, ${language}`);
    await page.context().close();
  }
});

test("the language is chosen and kept", async () => {
  const page = await newPage(browser, demo.url);
  await page.goto("/sign-in");
  await leads(page, () => page.click("footer a[lang=ja]"));
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.goto("/");
  assert.equal(await page.getAttribute("html", "lang"), "ja");
  await page.context().close();
});

test("a wrong password is told, with the name still there", async () => {
  const page = await newPage(browser, demo.url);
  await signIn(page, "mariagarcia", "wrong");
  assert.deepEqual(await codes(page), ["SignInWrong"]);
  assert.equal(await page.inputValue("#who"), "mariagarcia");
  await isAccessible(page, "wrong password");
  await page.context().close();
});

test("refused for each rule, set, used for a logon, and signed out", async () => {
  const page = await newPage(browser, demo.url);
  await signIn(page, john, password);
  assert.equal(await state(page), "Missing");
  const extension = await page.getAttribute("#choose", "data-extension");
  const phone = await page.getAttribute("#choose", "data-phone");
  for (const [pin, code] of [
    ["12a59", "PinNotDigits"],
    ["1259", "PinTooShort"],
    ["225577", "PinRepeatingDigits"],
    ["839839", "PinRepeatedBlock"],
    ["991234", "PinConsecutiveDigits"],
    [extension, "PinIsExtension"],
    [phone.slice(2, 8), "PinInPhoneNumber"],
    ["147258", "PinTooCommon"],
  ]) {
    await choose(page, pin);
    assert.ok((await codes(page)).includes(code), code);
    // A refusal has the focus, so that a screen reader begins with it.
    assert.equal(await page.evaluate(() => document.activeElement.id), "refused", code);
    assert.equal(await page.inputValue("#pin"), "");
  }
  await choose(page, "18723834", "18723835");
  assert.deepEqual(await codes(page), ["PinsDiffer"]);
  await choose(page, "18723834");
  assert.deepEqual(await codes(page), ["Done"]);
  await isAccessible(page, "done");
  assert.equal(await demo.logOn(john, "18723834"), "Success");
  assert.equal(await demo.logOn(john, "18723835"), "IncorrectPin");
  await leads(page, () => page.click(".who button"));
  assert.ok(await page.isVisible("#password"));
  assert.equal((await page.context().cookies()).some(({ name }) => name === "pinward"), false);
  await page.context().close();
});

test("rules are told while one types, and nothing is fetched for it", async () => {
  const page = await newPage(browser, demo.url);
  await signIn(page, "denisesmith", password);
  const asked = [];
  // The browser asks for the page's icon when it likes, even after the page has loaded.
  const icon = await page.locator("link[rel=icon]").evaluate(({ href }) => href);
  page.on("request", (request) => request.url() === icon || asked.push(request.url()));
  const met = (rule) => page.getAttribute(`[data-rule=${rule}]`, "class");
  for (const [typed, rule, expected] of [
    ["12", "shortest", "broken"],
    ["18723834", "shortest", "met"],
    ["1234", "consecutive", "broken"],
    ["9182736", "consecutive", "met"],
    ["1122", "repeating", "broken"],
    ["123123", "block", "broken"],
    ["12a", "digits", "broken"],
  ]) {
    await page.fill("#pin", typed);
    assert.equal(await met(rule), expected, `${typed}: ${rule}`);
  }
  await page.fill("#again", "12b");
  assert.equal(await met("same"), "broken");
  await isAccessible(page, "while typing");
  await page.check("#show input");
  assert.equal(await page.getAttribute("#pin", "type"), "text");
  assert.deepEqual(asked, []);
  await page.context().close();
});

test("all of it works with the keyboard alone", async () => {
  const page = await newPage(browser, demo.url);
  await page.goto("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("Tab");
  await page.keyboard.type("denisesmith");
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await leads(page, () => page.keyboard.press("Enter"));
  assert.ok(await page.isVisible("#choose"));
  await page.context().close();
});

test("without JavaScript", async () => {
  const page = await newPage(browser, demo.url, { javaScriptEnabled: false });
  await signIn(page, "mariagarcia", password);
  assert.equal(await page.isVisible("#show"), false);
  await choose(page, "1111");
  const told = await page.locator("[data-code]").allTextContents();
  assert.equal(told.length, 4, told.join());
  await choose(page, "7391846");
  assert.equal(await page.locator("[data-code=Done]").count(), 1);
  await page.context().close();
});

test("a PIN that must be changed opens nothing until another one is chosen", async () => {
  const page = await newPage(browser, demo.url);
  await demo.shell(`Set-CsClientPin -Identity "${ken}" -Pin 60591837 -MustChange`);
  assert.equal(await demo.logOn(ken, "60591837"), "PinMustBeChanged");
  await signIn(page, ken, password);
  assert.equal(await state(page), "Temporary");
  await isAccessible(page, "must be changed");
  await choose(page, "60591837");
  assert.deepEqual(await codes(page), ["PinInHistory"]);
  await choose(page, "72940618");
  assert.deepEqual(await codes(page), ["Done"]);
  assert.equal(await demo.logOn(ken, "72940618"), "Success");
  assert.equal(await demo.logOn(ken, "60591837"), "IncorrectPin");
  await page.context().close();
});

test("an earlier PIN is refused as long as the policy remembers it", async () => {
  const page = await newPage(browser, demo.url);
  const of = "litwareinc\\mariagarcia";
  await demo.shell(`New-CsPinPolicy -Identity Two -PINHistoryCount 2 -MinPasswordLength 6`);
  await demo.shell(`Grant-CsPinPolicy -Identity "${of}" -PolicyName Two`);
  await signIn(page, of, password);
  for (const pin of ["72940618", "383042650"]) {
    await choose(page, pin);
    assert.deepEqual(await codes(page), ["Done"], pin);
  }
  for (const earlier of ["72940618", "383042650"]) {
    await choose(page, earlier);
    assert.deepEqual(await codes(page), ["PinInHistory"], earlier);
    assert.equal(await demo.logOn(of, "383042650"), "Success", "the PIN is as it was");
  }
  for (const pin of ["5820471", "90518263", "72940618"]) {
    await choose(page, pin);
    assert.deepEqual(await codes(page), ["Done"], pin);
  }
  assert.equal(await demo.logOn(of, "72940618"), "Success");
  await page.context().close();
});

test("an expired PIN opens nothing, and another one is chosen", async () => {
  const page = await newPage(browser, demo.url);
  await demo.shell(`Set-CsClientPin -Identity "${ken}" -Pin 1985848 -ExpiresIn 00:00:01`);
  await signIn(page, ken, password);
  // It expires by the clock of the server, which the page follows.
  while (await state(page) !== "Expired") await page.goto("/");
  assert.equal(await demo.logOn(ken, "1985848"), "PinExpired");
  await isAccessible(page, "expired");
  await choose(page, "5820471");
  assert.deepEqual(await codes(page), ["Done"]);
  assert.equal(await demo.logOn(ken, "5820471"), "Success");
  await page.context().close();
});

test("a PIN that an administrator locked says whom to ask", async () => {
  const page = await newPage(browser, demo.url);
  await demo.shell(`Set-CsClientPin -Identity "${ken}" -Pin 8350274`);
  await demo.shell(`Lock-CsClientPin -Identity "${ken}"`);
  await signIn(page, ken, password);
  assert.equal(await state(page), "LockedByAdministrator");
  assert.match(await page.textContent(".notice"), /your help desk/);
  assert.equal(await page.locator("#choose").count(), 0);
  await isAccessible(page, "locked");
  assert.equal(await demo.logOn(ken, "8350274"), "UserPinAccountLocked");
  await demo.shell(`Unlock-CsClientPin -Identity "${ken}"`);
  await page.goto("/");
  assert.equal(await page.locator("#choose").count(), 1);
  assert.equal(await demo.logOn(ken, "8350274"), "Success");
  await page.context().close();
});

test("too many wrong passwords are told with the time until when, and a page that is not there", async () => {
  const page = await newPage(browser, demo.url);
  for (let n = 0; n < 4; n += 1) await signIn(page, "mariagarcia2", "wrong");
  assert.deepEqual(await codes(page), ["TooManyTries"]);
  assert.equal(await page.locator(".notice time").count(), 1);
  await isAccessible(page, "too many tries");
  const answer = await page.goto("/nothing");
  assert.equal(answer.status(), 404);
  page.complaints.length = 0;
  await isAccessible(page, "no such page");
  await page.context().close();
});
