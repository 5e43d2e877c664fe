import { Button, SegmentedControl } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { useI18n } from "@/i18n";
import { Panel } from "@/ui/page";
import { Body } from "./body";
import type { Request } from "./request";
import type { SecretUrl } from "./secret";
import { LANGUAGES, type Language, snippet } from "./snippets";
import classes from "./try-it.module.css";

/** The request as a program, in the language that was looked at last in this visit. */
export function Code({ secret, may, request }: { secret: SecretUrl; may: boolean; request: Request }) {
  const { t } = useI18n();
  const [language, setLanguage] = useState<Language>("curl");
  const url = secret.url ?? `${location.origin}/webhook/…`;
  return (
    <Panel title={t("webhook.code")}>
      <div className={classes.answer}>
        <SegmentedControl
          aria-label={t("webhook.code")}
          size="xs"
          value={language}
          onChange={(value) => setLanguage(value as Language)}
          data={[...LANGUAGES]}
          w="fit-content"
          maw="100%"
        />
        <Body text={snippet(language, url, request)} label={language} copy />
        {!secret.url && may && (
          <div className={classes.line}>
            <span className={classes.hint}>{t("webhook.codeHidden")}</span>
            <Button
              variant="subtle"
              size="compact-sm"
              loading={secret.busy}
              leftSection={<IconEye size={15} />}
              onClick={() => void secret.reveal()}
            >
              {t("webhook.show")}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
