import { MantineProvider } from "@mantine/core";

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Dictionary, I18nProvider, type Locale } from "./i18n";
import { styleNonce } from "./theme/nonce";
import { schemeManager } from "./theme/scheme";
import { theme } from "./theme/theme";
import { ConfirmProvider } from "./ui/confirm";
import { Toasts } from "./ui/toasts";

interface Props {
  queries: QueryClient;
  locale: Locale;
  dictionary: Dictionary;
  children: ReactNode;
}

/** What every page stands on; tests use it too. */
export function Providers({ queries, locale, dictionary, children }: Props) {
  return (
    <QueryClientProvider client={queries}>
      <I18nProvider initial={locale} dictionary={dictionary}>
        <MantineProvider
          theme={theme}
          defaultColorScheme="auto"
          colorSchemeManager={schemeManager}
          getStyleNonce={styleNonce}
        >
          <Toasts />
          <ConfirmProvider>{children}</ConfirmProvider>
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>
  );
}
