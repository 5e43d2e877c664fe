import { createFileRoute, notFound } from "@tanstack/react-router";
import { NotFound } from "@/ui/not-found";

/** Whatever else whoever is logged in asks for: nothing, with the way to everything around it. */
export const Route = createFileRoute("/_in/$")({
  beforeLoad: () => {
    throw notFound();
  },
  notFoundComponent: NotFound,
});
