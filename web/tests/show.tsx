import { QueryClient } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { dictionaryOf } from "@/i18n";
import { Providers } from "@/providers";

/** Shows a part of a page by itself, in English. */
export async function show(part: ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const dictionary = await dictionaryOf("en");
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Providers queries={queries} locale="en" dictionary={dictionary}>
      {children}
    </Providers>
  );
  return render(part, { wrapper });
}
