// Measures searching in the console as somebody types: PINWARD=../target/release/pinward node search.mjs [people]
//
// A demo gets these many people more, whose names are as common as names are. Each text is asked for in turn, many
// times, as the script of the page asks for it; the times are those of the whole request over HTTP.
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Demo, password } from "./server.mjs";

const people = Number(process.argv[2] ?? 100000);
const rounds = Number(process.argv[3] ?? 100);
const given = ["Maria", "John", "Michael", "Anna", "David", "Sarah", "Thomas", "Laura", "Peter", "Julia", "Daniel",
  "Emma", "Martin", "Sofia", "Robert", "Marie", "Andreas", "Elena", "Paul", "Nina", "Mark", "Eva", "Stefan", "Ines"];
const family = ["Smith", "Garcia", "Müller", "Martin", "Johnson", "Schmidt", "Silva", "Rossi", "Brown", "Jansen",
  "Kowalski", "Novak", "Andersson", "Dubois", "Miller", "Fischer", "Lopez", "Weber", "Moreau", "Nielsen"];
const texts = {
  "one letter": ["s", "m", "j", "a", "e", "l"],
  "two letters": ["ma", "sm", "jo", "ga"],
  "a common name": ["maria", "smith", "garcia"],
  "two common names": ["maria garcia", "john smith", "anna müller"],
  "beginnings of two names": ["m g", "j s", "a m", "ma ga"],
  "one that leads far and one that leads nowhere": ["maria zz", "smith 99999"],
  "digits": ["1", "14", "1425", "142550", "1000"],
  "a line and a name": ["smith 1425", "maria 1"],
  "an address": ["maria.garcia1", "maria@litwareinc.com"],
};

/** One of a list, the first ones more often. */
const common = (list, n) => list[Math.floor(list.length * (((n * 0.6180339887) % 1) ** 2))];

function csv() {
  const rows = ["DisplayName,FirstName,LastName,SamAccountName,UserPrincipalName,SipAddress,LineURI,Enabled,DistinguishedName"];
  for (let n = 0; n < people; n += 1) {
    const [first, last] = [common(given, n + 1), common(family, (n + 1) * 7919)];
    const account = `${first}.${last}${n}`.toLowerCase();
    const address = `${account}@litwareinc.com`;
    const line = `tel:+1425${5000000 + n};ext=${100000 + n}`;
    // One of ten thousand is where the role with a scope reaches.
    const unit = n % 10000 ? ["Finance", "Sales", "Support", "Engineering"][n % 4] : "Archive";
    rows.push(`${first} ${last},${first},${last},p${n},${address},sip:${address},${line},True,` +
      `"CN=${first} ${last} ${n},OU=${unit},DC=litwareinc,DC=com"`);
  }
  return rows.join("\n");
}

/** The cookies of somebody who is signed in. */
async function signIn(url, who) {
  const cookies = new Map();
  const ask = async (path, options = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(url + path, { redirect: "manual", ...options, headers: { cookie, origin: url, ...options.headers } });
    for (const set of answer.headers.getSetCookie()) cookies.set(...set.split(";")[0].split(/=(.*)/s).slice(0, 2));
    return answer;
  };
  const [, token] = /name="token" value="([^"]*)"/.exec(await (await ask("/sign-in")).text()) ?? [];
  await ask("/sign-in", { method: "POST", body: new URLSearchParams({ token: token ?? "", who, password }) });
  return ask;
}

const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const told = (label, times) => {
  const sorted = times.toSorted((a, b) => a - b);
  const figures = [part(sorted, 0.5), part(sorted, 0.99), sorted.at(-1)].map((ms) => ms.toFixed(1));
  console.log(`| ${label} | ${figures.join(" | ")} |`);
};

/** How long each answer took. */
async function measure(ask, all) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const text of all) {
      const began = performance.now();
      const answer = await ask(`/admin/users/found?q=${encodeURIComponent(text)}`);
      const body = await answer.text();
      times.push(performance.now() - began);
      if (answer.status !== 200 || !/<table>|Nobody/.test(body)) throw new Error(`${text}: ${answer.status} ${body}`);
    }
  }
  return times;
}

const demo = await Demo.start();
try {
  const folder = join(demo.scratch, readdirSync(demo.scratch).find((one) => one.startsWith("pinward-demo-")));
  const file = join(demo.scratch, "people.csv");
  writeFileSync(file, csv());
  const program = process.env.PINWARD;
  await promisify(execFile)(program, ["--data", folder, "import", file], { maxBuffer: 1 << 28 });
  for (const [role, units, holder] of [["Archivist", ["Archive"], "johnsmith"], ["Desk", ["Archive", "Sales"], "lenafischer"]]) {
    const scopes = units.map((unit) => `'OU:OU=${unit},DC=litwareinc,DC=com'`);
    await demo.shell(`New-CsAdminRole -Identity ${role} -Template CsHelpDesk -UserScopes ${scopes}`);
    await demo.shell(`Grant-CsAdminRole -Identity ${holder} -Role ${role}`);
  }
  const ask = await signIn(demo.url, "litwareinc\\packerman");
  console.log(`| ${people} people, ${rounds} times each | p50 ms | p99 ms | most ms |\n|---|---|---|---|`);
  for (const [label, all] of Object.entries(texts)) told(`${label}: ${all.join(", ")}`, await measure(ask, all));
  const all = ["s", "ma", "maria", "maria garcia", "1", "142"];
  for (const [who, reach] of [["johnsmith", "one in ten thousand"], ["lenafischer", "one in four"]]) {
    const scoped = await signIn(demo.url, `litwareinc\\${who}`);
    told(`by somebody whose role reaches ${reach}: ${all.join(", ")}`, await measure(scoped, all));
    const long = ["1425", "smith 1425", "maria zz"];
    told(`by the same: ${long.join(", ")}`, await measure(scoped, long));
  }
  const times = [];
  for (let round = 0; round < rounds * 3; round += 1) {
    const began = performance.now();
    await (await ask("/admin/users/found?q=")).text();
    times.push(performance.now() - began);
  }
  told("nothing: what a request takes by itself", times);
} finally {
  await demo.stop();
}
