// As much of Google Apps Script as the example in the reference needs.
const { execFileSync } = require("node:child_process");

globalThis.UrlFetchApp = {
  fetch(url, { method, contentType, payload, muteHttpExceptions }) {
    const sent = ["-X", method.toUpperCase(), "-H", `Content-Type: ${contentType}`, "--data-binary", payload];
    const printed = execFileSync("curl", ["-s", "-w", "\n%{http_code}", ...sent, url], { encoding: "utf8" });
    const end = printed.lastIndexOf("\n");
    const [text, status] = [printed.slice(0, end), Number(printed.slice(end + 1))];
    if (status >= 400 && !muteHttpExceptions) throw new Error(`Request failed, returned code ${status}`);
    return { getContentText: () => text, getResponseCode: () => status };
  },
};
