import "@mantine/core/styles.css";
import "@fontsource-variable/inter/wght.css";
import "./theme/global.css";

import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchChunks } from "./api/chunks";
import { newQueryClient } from "./api/query";
import { accessToken } from "./api/session";
import { type Dictionary, dictionaryOf, initialLocale } from "./i18n";
import { Providers } from "./providers";
import { newRouter } from "./router";
import { shareNonce } from "./theme/nonce";
import { LastResort } from "./ui/broken";
import { watchKeyboard } from "./ui/keyboard";

const queries = newQueryClient();
const router = newRouter(queries);

/** Whoever comes to a workspace is mostly logged in: the session and the page's code need not wait for the words. */
function goAhead(): void {
  const [matchedRoutes] = router.getMatchedRoutes(location.pathname);
  if (!matchedRoutes.some(({ id }) => id === "/_in")) return;
  accessToken().catch(() => {}); // the route asks again, and sends whoever is nobody to the log-in
  for (const route of matchedRoutes) void router.loadRouteChunk(route);
}

async function start(root: HTMLElement): Promise<void> {
  shareNonce();
  watchChunks();
  watchKeyboard();
  goAhead();
  const locale = initialLocale();
  const dictionary = await dictionaryOf(locale);
  createRoot(root).render(
    <StrictMode>
      <LastResort instead={<Plain words={dictionary} />}>
        <Providers queries={queries} locale={locale} dictionary={dictionary}>
          <RouterProvider router={router} />
        </Providers>
      </LastResort>
    </StrictMode>,
  );
}

/** What stands on nothing that could be broken too. */
function Plain({ words }: { words: Dictionary }) {
  return (
    <main className="plain" role="alert">
      <h1>{words.common.failed}</h1>
      <p>{words.errors.INTERNAL}</p>
      <button type="button" onClick={() => location.reload()}>
        {words.common.retry}
      </button>
    </main>
  );
}

const root = document.getElementById("root");
if (root) void start(root);
