import { useLayoutEffect } from "react";

/** What has the keyboard, or had it until it was disabled or covered. */
let holder: HTMLElement | null = null;
/** Whether a dialog gave it back to `holder`, which has not taken it yet. */
let owed = false;
/** What opened the dialog that is closing at this moment. */
let leaving: HTMLElement | null = null;

/**
 * Browsers take the keyboard from a button that is disabled while it is busy, and leave it nowhere: whoever has no
 * mouse would start again at the top of the page. Here such a button gets it back.
 */
export function watchKeyboard(): void {
  addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    holder = target;
    owed = false;
  });
  addEventListener("pointerdown", () => {
    holder = null;
  });
  new MutationObserver(restore).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ["disabled"],
  });
}

function restore(changes: MutationRecord[]): void {
  if (!holder || document.activeElement !== document.body) return;
  if (!owed && !changes.some(({ target }) => target === holder)) return;
  if (holder.isConnected) holder.focus({ preventScroll: true });
  else document.getElementById("main")?.focus({ preventScroll: true });
}

/** While a dialog is open it has the keyboard; afterwards what opened it, or the page where that is gone. */
export function useKeyboardBack(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    // One dialog may follow another: what opened the first stands for both.
    const opener = leaving ?? openerOf(document.activeElement);
    return () => {
      leaving = opener;
      // React gives the keyboard back to where it was before this change, too: what comes after that holds.
      queueMicrotask(() => {
        leaving = null;
        giveBack(opener);
      });
    };
  }, [opened]);
}

function giveBack(opener: HTMLElement | null): void {
  holder = opener;
  owed = true;
  opener?.focus({ preventScroll: true });
}

/** A menu is gone by then: what it hung from stands for it. */
function openerOf(active: Element | null): HTMLElement | null {
  const menu = active?.closest("[role=menu]");
  const opener = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : active;
  return opener instanceof HTMLElement ? opener : null;
}
