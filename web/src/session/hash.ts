import { useLocation } from "@tanstack/react-router";

/** The secret that a link carries behind `#token=`: browsers send it to nobody. */
export function useHashToken(): string | undefined {
  const { hash } = useLocation();
  return new URLSearchParams(hash).get("token") ?? undefined;
}
