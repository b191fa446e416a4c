// Makes the pages nicer; everything works without it. Nothing is fetched and nothing is kept.
"use strict";

// Times, in the time zone of the browser; those of the console to the second.
function showTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    const [language, style] = "exact" in time.dataset
      ? ["en-GB", { dateStyle: "medium", timeStyle: "medium" }]
      : [document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }];
    time.title = time.textContent;
    time.textContent = new Intl.DateTimeFormat(language, style).format(at);
  }
}
showTimes(document);

// A refusal is read first.
document.getElementById("refused")?.focus();

// The rules for a PIN, while it is typed. The server decides; it also knows the common and the earlier ones.
const form = document.getElementById("choose");
if (form) {
  const pin = form.elements.namedItem("pin");
  const again = form.elements.namedItem("again");
  const digits = (text) => /^[0-9]+$/.test(text);
  const inARow = (text, step) => {
    let run = 1;
    for (let at = 1; at < text.length; at += 1) {
      run = Number(text[at]) - Number(text[at - 1]) === step ? run + 1 : 1;
      if (run === 4) return true;
    }
    return false;
  };
  const holds = {
    digits,
    shortest: (text) => text.length >= Number(form.dataset.shortest),
    repeating: (text) => !/^(?:(.)\1+)+$/.test(text),
    block: (text) => !/^(.+)\1+$/.test(text),
    consecutive: (text) => !digits(text) || !(inARow(text, 1) || inARow(text, -1)),
    extension: (text) => text !== form.dataset.extension,
    phone: (text) => !(form.dataset.phone || "").includes(text),
    same: (text) => text === again.value,
  };
  const rules = [...form.querySelectorAll("[data-rule]")];
  const marks = new Map();
  for (const rule of rules) {
    const mark = document.createElement("span");
    mark.className = "hidden";
    rule.append(" ", mark);
    marks.set(rule, mark);
  }
  const look = () => {
    const text = pin.value;
    for (const rule of rules) {
      const name = rule.dataset.rule;
      const open = text === "" || (name === "same" && again.value === "");
      const met = !open && holds[name](text);
      rule.classList.toggle("met", met);
      rule.classList.toggle("broken", !open && !met);
      marks.get(rule).textContent = open ? "" : met ? form.dataset.met : form.dataset.broken;
    }
  };
  // What is not fulfilled is said once one leaves a field, and not with every key.
  const told = document.getElementById("told");
  const say = () => {
    const broken = rules.filter((rule) => rule.classList.contains("broken"));
    told.textContent = broken.map((rule) => rule.textContent).join("; ");
  };
  for (const field of [pin, again]) {
    field.addEventListener("input", look);
    field.addEventListener("change", say);
  }
  const show = document.getElementById("show");
  show.hidden = false;
  show.querySelector("input").addEventListener("change", (event) => {
    for (const field of [pin, again]) field.type = event.target.checked ? "text" : "password";
  });
  look();
}
