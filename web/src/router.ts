import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { routeTree } from "./routeTree.gen";
import { styleNonce } from "./theme/nonce";
import { Broken } from "./ui/broken";
import { stopFollowing } from "./ui/typed";

/** Every page. Tests bring a history of their own. */
export function newRouter(queries: QueryClient, history?: RouterHistory) {
  const router = createRouter({
    routeTree,
    history,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    // Each page breaks in its own place: what stands around it stays.
    defaultErrorComponent: Broken,
    // Messages' ids have one.
    pathParamsAllowedCharacters: [":"],
    // The router's own inline script would need it.
    ssr: { nonce: styleNonce() },
  });
  // The page that one leaves stays until the next is there. It must not filter, in its own address, what was typed last.
  router.subscribe("onBeforeNavigate", ({ pathChanged }) => {
    if (pathChanged) stopFollowing();
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
