import { useI18n } from "@/i18n";
import classes from "./connect.module.css";
import { SIMULATED } from "./simulator";

/** That the simulator reaches nobody, and which numbers are worth writing to. */
export function SimulatedNumbers() {
  const { t } = useI18n();
  return (
    <section className={classes.simulator}>
      <strong>{t("accounts.simulatorTitle")}</strong>
      <span>{t("accounts.simulatorHint")}</span>
      <details className={classes.more}>
        <summary>{t("accounts.simulatorNumbers", { count: SIMULATED.length })}</summary>
        <dl className={classes.numbers}>
          {SIMULATED.map(({ phone, does }) => (
            <div key={phone}>
              <dt>{phone}</dt>
              <dd>{t(does)}</dd>
            </div>
          ))}
        </dl>
        <span>{t("accounts.simulatorMore")}</span>
      </details>
    </section>
  );
}
