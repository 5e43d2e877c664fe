import type { Translate } from "@/i18n";

/** Order matters: most browsers claim to be the ones below them. */
const BROWSERS: [mark: RegExp, name: string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bcoc_coc_browser\//i, "Cốc Cốc"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|HeadlessChrome|Chromium)\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
];

const SYSTEMS: [mark: RegExp, name: string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** The browser and system that a user agent names; a program goes by its own name. */
export function deviceIn(userAgent: string, t: Translate): string {
  const browser = nameBy(BROWSERS, userAgent);
  const system = nameBy(SYSTEMS, userAgent);
  if (browser && system) return t("settings.browserOn", { browser, system });
  return browser ?? userAgent.split(/[\s/]/)[0] ?? userAgent;
}

function nameBy(marks: [RegExp, string][], userAgent: string): string | undefined {
  return marks.find(([mark]) => mark.test(userAgent))?.[1];
}
