import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import classes from "./body.module.css";
import { type Faults, marked, type Part } from "./marks";

interface Props {
  text: string;
  /** What it is, for who does not see it. */
  label: string;
  faults?: Faults;
  copy?: boolean;
}

const NONE: Faults = { ignoredFields: [] };

/** A body with its lines numbered, and what was wrong with it marked. */
export function Body({ text, label, faults = NONE, copy }: Props) {
  const lines = marked(text, faults);
  return (
    <div className={classes.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.body} aria-label={label} tabIndex={0}>
        {lines.map((parts, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <div key={index} className={classes.line} data-bad={faults.line === index + 1 || undefined}>
            {lines.length > 1 && <span className={classes.number}>{index + 1}</span>}
            <code>
              {parts.map((part, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move
                <Piece key={place} part={part} />
              ))}
            </code>
          </div>
        ))}
      </section>
      {copy && (
        <div className={classes.copy}>
          <CopyButton text={text} />
        </div>
      )}
    </div>
  );
}

const TITLES = {
  error: "webhook.markedPlace",
  value: "webhook.markedValue",
  ignored: "webhook.markedIgnored",
} as const;

function Piece({ part: { text, mark } }: { part: Part }) {
  const { t } = useI18n();
  if (!mark) return text;
  return (
    <mark data-mark={mark} title={t(TITLES[mark])}>
      {text}
    </mark>
  );
}
