import { localStorageColorSchemeManager } from "@mantine/core";

/** Where `public/before-paint.js` looks too. */
export const schemeManager = localStorageColorSchemeManager({ key: "nhip-theme" });
