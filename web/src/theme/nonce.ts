import { setNonce } from "get-nonce";

/** The page's nonce, with which the Content-Security-Policy lets a script of ours add a style sheet. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

/** For what locks the page's scrolling under a dialog: it adds a style sheet without asking Mantine. */
export function shareNonce(): void {
  setNonce(styleNonce());
}
