// The desk in a real browser: a working day, then every page under axe, in light and dark, wide and narrow. See README.md.
import { createRequire } from "node:module";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const url = process.argv[2];
const modules = process.env.DESK_CHECK_MODULES;
const browserPath = process.env.CHROMIUM || "/usr/bin/chromium";
const pictures = process.env.DESK_CHECK_PICTURES;
const skip = (why) => { console.log(`skipped: ${why}`); process.exit(0); };
if (!url) { console.error("usage: node walk.mjs http://127.0.0.1:8080"); process.exit(2); }
if (!modules || !existsSync(modules)) skip("no folder of packages; set DESK_CHECK_MODULES (see desk-check/README.md)");
if (!existsSync(browserPath)) skip(`no browser at ${browserPath}; set CHROMIUM`);
let chromium, axe;
try {
  const own = createRequire(join(modules, "x.js"));
  ({ chromium } = own("playwright-core"));
  axe = own("axe-core").source;
} catch (fault) { skip(`playwright-core and axe-core are not in ${modules}: ${fault.message.split("\n")[0]}`); }
if (pictures) mkdirSync(pictures, { recursive: true });

// What is found is told at once, and counted at the end.
const faults = { all: new Set(), push(text) { if (!this.all.has(text)) { this.all.add(text); console.log(`  ${text}`); } } };
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
const enter = async (name, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.on("console", (said) => { if (said.type() === "error" && !/40[0-9]|409|422/.test(said.text())) faults.push(`${page.url()}: ${said.text()}`); });
  page.on("pageerror", (fault) => faults.push(`${page.url()}: ${fault.message}`));
  page.on("request", (asked) => { if (!asked.url().startsWith(url) && !asked.url().startsWith("data:")) faults.push(`a request to ${asked.url()}`); });
  await page.goto(`${url}/login`);
  await page.fill("#name", name);
  await page.fill("#password", "demonstration");
  await Promise.all([page.waitForURL(/\/(desk|check|law|help)/), page.click("button[type=submit]")]);
  return page;
};
const must = (truth, what) => { if (!truth) faults.push(what); };
const unfold = async (page, word) => { await page.locator("details.act > summary", { hasText: word }).first().click(); };
const send = async (page, form) => { await Promise.all([page.waitForLoadState("load"), page.waitForEvent("framenavigated"), form.click()]); };

// 1. The working day.
const officer = await enter("marchetti");
await officer.goto(`${url}/check`);
await officer.selectOption("#f-kind", "export");
await officer.fill("#f-date", "2026-11-10");
await officer.fill("#f-from", "Germany");
await officer.fill("#f-to", "Türkiye");
await officer.fill("#f-item", "five-axis milling machine");
await officer.selectOption("#f-form", "goods");
await officer.waitForFunction(() => document.querySelector("#answer .verdict"), null, { timeout: 20000 });
must((await officer.textContent("#answer .word")).includes("Not known"), "the answer does not follow as somebody types");
const kind = officer.locator('[name="answer.item_kind"]').first();
if (await kind.count()) {
  await kind.fill("machine-tool");
  await kind.blur();
  await officer.waitForFunction(() => document.querySelector("#f-item-kind").value === "machine-tool");
} else {
  await officer.fill("#f-item-kind", "machine-tool");
}
await officer.fill("#f-code", "2B001");
await officer.fill("#f-exporter", "Werkzeugbau Anders GmbH");
await officer.fill("#f-exporter-country", "Germany");
await officer.fill("#f-end-user", "Örnek Kalıp Sanayi");
await officer.fill("#f-end-user-country", "Türkiye");
await officer.fill("#f-origin", "Germany");
await officer.fill("#f-quantity", "2 pieces");
await officer.check('#f-informed-by-authority input[value="no"]');
await officer.check('#f-uses input[value="civil"]');
await officer.waitForFunction(() => /Licence required/.test(document.querySelector("#answer .word")?.textContent || ""), null, { timeout: 20000 });
await officer.keyboard.press("Control+Enter");
await officer.waitForLoadState("load");
await Promise.all([officer.waitForURL(/\/cases\/C-/), officer.click('button[value="open"]')]);
const casePage = officer.url();
await send(officer, officer.locator("button", { hasText: "Take this case" }));
const adviser = await enter("haas");
await adviser.goto(casePage);
await unfold(adviser, "Advise");
await adviser.selectOption("#adv-view", "approve");
await adviser.fill("#adv-text", "Of the kind that the plant has run for years.");
await send(adviser, adviser.locator("button", { hasText: "Give this advice" }));
await officer.goto(casePage);
await unfold(officer, "Decide");
await officer.selectOption("#dec-view", "approve");
await officer.fill("#dec-why", "Known end user.");
await officer.fill("#dec-despite", "a licence is what is asked for, and this is it");
await send(officer, officer.locator("button", { hasText: "Propose this decision" }));
must((await officer.textContent("main")).includes("cannot countersign"), "the officer is not told that they cannot sign");
const second = await enter("sato");
await second.goto(casePage);
await send(second, second.locator("button.btn-main", { hasText: "Countersign" }));
await officer.goto(casePage);
await officer.click('a[href^="/licences/new"]');
await Promise.all([officer.waitForURL(/\/licences\/L-/), officer.locator("button", { hasText: "Issue it" }).click()]);
const licencePage = officer.url();
await unfold(officer, "Ship");
await officer.fill("#sh-dec", "26DE0000900");
await officer.fill("#sh-q", "2 pieces");
await send(officer, officer.locator("button", { hasText: "Record the shipment" }));
must(/Recorded/.test(await officer.textContent("main")), "the shipment was not recorded");
await unfold(officer, "Take a return");
await officer.fill("#rc-b", "b-900");
// Made today: a return made before the licence would be one more thing to settle.
await officer.fill("#rc-s", new Date().toISOString().slice(0, 10));
await officer.fill("#rc-rows", "26DE0000900,1,1 piece");
await send(officer, officer.locator("button", { hasText: "Reconcile" }));
must(/1 to settle/.test(await officer.textContent("main")), "what customs saw is not set against what was shipped");
await officer.goto(casePage);
await unfold(officer, "Record an appeal");
await officer.fill("#ap-by", "Werkzeugbau Anders GmbH");
await officer.fill("#ap-grounds", "The condition cannot be met.");
await send(officer, officer.locator("button", { hasText: "Record the appeal" }));
must(/under appeal/.test(await officer.textContent("main")), "the appeal is not on the page");

// 2. Keys: search, screens, rows, a match dismissed without leaving the keyboard.
await officer.goto(`${url}/desk`);
await officer.keyboard.press("j");
must(await officer.locator("tr.is-sel").count() === 1, "j chooses no row");
await officer.keyboard.press("/");
must(await officer.evaluate(() => document.activeElement.id === "find"), "/ does not lead to the search");
await officer.keyboard.press("Escape");
await officer.keyboard.press("g");
await Promise.all([officer.waitForURL("**/law*"), officer.keyboard.press("w")]);
const screener = await enter("okoye");
await screener.goto(`${url}/matches`);
await screener.locator("tbody th a").first().click();
await screener.waitForURL("**/matches/C-*");
await screener.fill("#reason", "another body of a like name");
await screener.keyboard.press("Escape");
await Promise.all([screener.waitForEvent("framenavigated"), screener.keyboard.press("d")]);
await screener.waitForLoadState("load");
must(/Recorded/.test(await screener.textContent("main")), "d does not dismiss");

// The evidence reader by keys: the first statement that waits is chosen; a accepts it, x asks for a reason first, e opens the correction.
const analyst = await enter("varga");
const papersOf = async (page) => {
  await page.goto(`${url}/evidence`);
  return page.locator('tbody th a[href^="/evidence/papers/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
};
const papers = await papersOf(analyst);
must(papers.length >= 7, `${papers.length} papers in the demonstration`);
await analyst.goto(url + papers[0]);
must(await analyst.locator(".stmt.is-sel").count() === 1, "no statement is chosen to begin with");
const first = await analyst.locator(".stmt.is-sel").getAttribute("id");
await Promise.all([analyst.waitForEvent("framenavigated"), analyst.keyboard.press("a")]);
await analyst.waitForLoadState("load");
must(/is accepted/.test(await analyst.textContent("main")), "a does not accept");
must(/Accepted/.test(await analyst.textContent(`#${first}`)), "the statement is not accepted on the page");
await analyst.locator("h1").click();
await analyst.keyboard.press("u");
must(await analyst.evaluate(() => document.activeElement.name === "why" || document.activeElement.name === "do"), "u does not lead to its reason");
await analyst.goto(url + papers[0]);
await analyst.keyboard.press("j");
await analyst.keyboard.press("e");
must(await analyst.locator("details.act[open]").count() === 1, "e does not open the correction");

// 3. Every page under axe.
const matchPage = await screener.locator('a[href*="/matches/C-"]').first().getAttribute("href").catch(() => null);
await officer.goto(casePage);
const why = await officer.locator('a[href^="/why/"]').first().getAttribute("href");
await officer.goto(`${url}/desk?queue=open`);
const steel = await officer.locator('a.what[href^="/cases/"]').first().getAttribute("href");
const pages = [
  "/desk?queue=open", "/desk?queue=closed", "/check", "/check?kind=export&from=Russia&to=Iran&item_kind=alloy-steel&date=1998-03-25", "/check?date=tomorrow&kind=export", why, steel,
  new URL(casePage).pathname, `${steel}/bundle`, "/matches", "/parties", "/parties?q=Europalace%202000", "/parties/of?name=Tavan%20Tajhiz%20Holding%20FZE", "/licences", "/licences/L-DEMO-0113", "/licences/new",
  "/law", "/law/instruments/ru-57-1998", "/law/provisions/ru-57-1998/catch-all?as_of=1998-03-25", "/law/lists/mtcr:annex", "/law/lists/mtcr:annex/6.C.9", "/law/compare?from=1998-01-01&to=1999-01-01", "/law/words",
  "/commitments", "/commitments?by=Russia&as_of=2000-03-22", "/commitments/of/ru-us-1995?as_of=2000-03-22", "/commitments/of/ru-57-1998", "/commitments/of/start-2?as_of=2001-01-01",
  "/evidence", papers[0], papers[papers.length - 1], "/evidence/report", "/parties/of?name=Baltic%20State%20Technical%20University",
  "/help", "/password", "/cases/C-1999-0001", "/cases", ...(matchPage ? [matchPage] : []),
];
let read = 0;
for (const scheme of ["light", "dark"]) {
  for (const width of [1440, 320]) {
    const page = await enter("marchetti", { colorScheme: scheme, viewport: { width, height: 900 } });
    const look = async (name) => {
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const each of found.violations) {
        for (const node of each.nodes.slice(0, 2)) faults.push(`${scheme} ${width} ${name}: ${each.id}: ${node.html.slice(0, 150)} (${(node.any[0] || node.all[0] || node.none[0] || {}).message || ""})`);
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) faults.push(`${scheme} ${width} ${name}: ${over} px wider than the window`);
      if (pictures) {
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = fold.closest(".tree") !== null && fold.open; }));
        await page.screenshot({ path: join(pictures, `${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${scheme}-${width}.png`), fullPage: true });
      }
      read += 1;
    };
    for (const path of pages) {
      await page.goto(url + path);
      await look(path);
    }
    await page.goto(`${url}/check?kind=export&from=Russia&to=Iran&item_kind=alloy-steel&form=goods&date=1998-03-25&exporter_knows=missile&item=steel`);
    await Promise.all([page.waitForURL("**/why"), page.locator('button[formaction="/why"]').click()]);
    await look("why-fresh");
    await page.goto(`${url}/check`);
    await page.fill("#rows", "id,kind,date,from,to,item,form,item_kind,uses\na,export,1998-03-25,RU,IR,steel,goods,alloy-steel,missile\nb,export,yesterday,RU,IR,steel,goods,alloy-steel,missile\n");
    await page.locator("#transfer .btn-main").click();
    await page.waitForLoadState("load");
    await look("rows");
    await page.context().close();
    const reader = await enter("varga", { colorScheme: scheme, viewport: { width, height: 900 } });
    for (const path of ["/evidence", papers[0], papers[papers.length - 1]]) {
      await reader.goto(url + path);
      const mine = async (name) => {
        await reader.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
        await reader.evaluate(axe);
        const found = await reader.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        for (const each of found.violations) for (const node of each.nodes.slice(0, 2)) faults.push(`${scheme} ${width} varga ${name}: ${each.id}: ${node.html.slice(0, 150)}`);
        const over = await reader.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) faults.push(`${scheme} ${width} varga ${name}: ${over} px wider than the window`);
        if (pictures) await reader.screenshot({ path: join(pictures, `varga-${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${scheme}-${width}.png`), fullPage: true });
        read += 1;
      };
      await mine(path);
    }
    await reader.context().close();
  }
}
const stranger = await (await browser.newContext()).newPage();
await stranger.goto(`${url}/login`);
await stranger.evaluate(axe);
const found = await stranger.evaluate(() => window.axe.run(document));
for (const each of found.violations) faults.push(`/login: ${each.id}: ${each.nodes[0].html.slice(0, 150)}`);
if (pictures) await stranger.screenshot({ path: join(pictures, "login.png") });
await browser.close();
console.log(`${read} readings of pages under axe, ${faults.all.size} faults`);
process.exit(faults.all.size ? 1 : 0);
