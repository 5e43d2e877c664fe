// As much of a browser as the script of the reference needs: prints what it filled in, for the fragment it is given.
const [, , script, fragment] = process.argv;
const seen = { filled: {}, marked: false, address: null, link: "" };
const link = { set hash(hash) { seen.link = hash; } };
const choose = (selector) => {
  const name = /^\[data-fill="(.*)"\]$/.exec(selector)?.[1];
  if (name) return [{ set textContent(value) { seen.filled[name] = value; } }];
  return selector === ".languages a" ? [link] : [];
};
const document = {
  documentElement: { classList: { add() { seen.marked = true; } } },
  body: { dataset: { publicUrl: "https://nhip.example", copy: "Copy", copied: "Copied" } },
  querySelectorAll: choose,
};
require("node:vm").runInNewContext(require("node:fs").readFileSync(script, "utf8"), {
  document,
  URLSearchParams,
  location: { hash: fragment, pathname: "/docs", search: "?lang=en" },
  history: { replaceState(_state, _title, url) { seen.address = url; } },
  localStorage: { getItem: () => null },
});
console.log(JSON.stringify(seen));
