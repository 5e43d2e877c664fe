import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@fontsource-variable/inter/wght.css";
import "./theme/global.css";

import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "./api/query";
import { dictionaryOf, initialLocale } from "./i18n";
import { Providers } from "./providers";
import { routeTree } from "./routeTree.gen";
import { shareNonce, styleNonce } from "./theme/nonce";

const queries = newQueryClient();
const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  // Messages' ids have one.
  pathParamsAllowedCharacters: [":"],
  // The router's own inline script would need it.
  ssr: { nonce: styleNonce() },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

async function start(root: HTMLElement): Promise<void> {
  shareNonce();
  const locale = initialLocale();
  const dictionary = await dictionaryOf(locale);
  createRoot(root).render(
    <StrictMode>
      <Providers queries={queries} locale={locale} dictionary={dictionary}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
