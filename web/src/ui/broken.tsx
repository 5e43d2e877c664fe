import { useRouter } from "@tanstack/react-router";
import { Component, type ReactNode, useEffect } from "react";
import { isMissingChunk, reloadOnce } from "@/api/chunks";
import { isServed } from "@/api/reach";
import { Failed } from "./shown";

/** A page that broke, in its place: what stands around it stays. */
export function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  const isMissing = isMissingChunk(error);
  useEffect(() => {
    if (isMissing) void reloadOnce();
  }, [isMissing]);
  const retry = async () => {
    // The router keeps that a page's code failed: only the page as a whole can be fetched again.
    if (isMissing && (await isServed())) location.reload();
    else await router.invalidate();
  };
  return <Failed error={error} retry={() => void retry()} />;
}

interface Props {
  /** Shown instead of everything, with nothing around it that could have broken. */
  instead: ReactNode;
  children: ReactNode;
}

/** The last resort: what breaks outside of any page. */
export class LastResort extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.instead : this.props.children;
  }
}
