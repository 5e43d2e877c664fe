import { expect, test } from "vitest";
import { keep } from "../scripts/styles";

const USED = new Set(["m_77c9d27d"]);

test("rules of components that no page uses are left out, with the media queries that held them", () => {
  const css = ".m_77c9d27d{color:red}.m_deadbeef{color:blue}@media print{.m_deadbeef:hover{color:blue}}";
  expect(keep(css, USED)).toBe(".m_77c9d27d{color:red}");
});

test("a rule stays for those of its selectors that are used", () => {
  expect(keep(".m_77c9d27d>a,.m_deadbeef>a{color:red}", USED)).toBe(".m_77c9d27d>a{color:red}");
});

test("what is not Mantine's stays, and so do animations", () => {
  const css = ":root{--a:1}._page_1x2y3_4{color:red}@keyframes m_deadbeef{0%{opacity:0}to{opacity:1}}";
  expect(keep(css, USED)).toBe(css);
});
