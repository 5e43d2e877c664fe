import { expect, test } from "vitest";
import type { Translate } from "@/i18n";
import { en } from "@/i18n/en";
import { translate } from "@/i18n/translate";
import { sentence } from "@/people/sentence";
import { deviceIn } from "@/settings/device";
import { mayManage, mayOwn, rolesGivenBy } from "@/shell/may";

const t: Translate = (key, ...values) => translate(en, "en", key, values[0]);
const names = new Map([
  ["u1", "Lan"],
  ["a1", "Saigon"],
]);
const tell = (action: string, detail?: unknown, target?: string) =>
  sentence({ action, detail, target: target ?? null }, names, t);

test("what was changed reads as a sentence", () => {
  expect(tell("workspace.rename", { before: "Shop", after: "Café" })).toBe(
    "Renamed the workspace from “Shop” to “Café”",
  );
  expect(tell("member.set_role", { before: "MEMBER", after: "ADMIN" }, "u1")).toBe(
    "Changed the role of Lan from Member to Admin",
  );
  expect(tell("member.remove", { role: "ADMIN" }, "gone")).toBe("Removed a former member (Admin)");
  expect(tell("account.set_pace", { before: [1500, 2500], after: [3000, 4000] }, "a1")).toBe(
    "Changed the pace of Saigon from 1.5–2.5 to 3–4 seconds between messages",
  );
  expect(tell("account.pause", undefined, "a1")).toBe("Paused Saigon");
  expect(tell("account.pause", undefined, "gone")).toBe("Paused an account");
  expect(tell("webhook.set_enabled", { enabled: false })).toBe("Switched the webhook off");
  expect(tell("credits.grant", { amount: -5 })).toBe("Took back 5\u00a0credits");
});

test("an action or a detail that is not known yet is told all the same", () => {
  expect(tell("moon.land")).toContain("moon.land");
  expect(tell("workspace.rename", 7)).toBe("Renamed the workspace from “” to “”");
  expect(tell("constructor")).toContain("constructor");
});

test("admins manage members alone, owners everybody, members nobody", () => {
  expect(rolesGivenBy("OWNER")).toEqual(["MEMBER", "ADMIN", "OWNER"]);
  expect(rolesGivenBy("ADMIN")).toEqual(["MEMBER"]);
  expect(rolesGivenBy("MEMBER")).toEqual([]);
  expect([mayManage("ADMIN"), mayManage("MEMBER"), mayOwn("ADMIN"), mayOwn("OWNER")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("browsers are named by what they are, not by what they claim to be", () => {
  const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
  expect(deviceIn(chrome, t)).toBe("Chrome on Windows");
  expect(deviceIn(`${chrome} Edg/142.0`, t)).toBe("Edge on Windows");
  expect(deviceIn(safari, t)).toBe("Safari on iPhone");
  expect(deviceIn("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", t)).toBe(
    "Firefox on Linux",
  );
  expect(deviceIn("curl/8.14.1", t)).toBe("curl");
});
