import { Progress, Text } from '@mantine/core';
import type { Passage } from '@/api/types';
import { text } from '@/text/en';
import classes from './Why.module.css';

const t = text.conversations.why;

/** The pieces of the knowledge that were given to the model, the best first. */
export function Passages({ passages }: { passages: readonly Passage[] }) {
  return (
    <section>
      <h3 className={classes.heading}>{t.passages}</h3>
      {passages.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.noPassages}
        </Text>
      )}
      <ol className={classes.passages}>
        {passages.map((p, i) => {
          const percent = Math.round(p.coverage * 100);
          return (
            <li key={`${p.document_id}-${i}`}>
              <header>
                <strong>{p.title}</strong>
                <span className="tabular">{t.score(p.score.toFixed(2))}</span>
              </header>
              {p.heading && <p className={classes.path}>{p.heading}</p>}
              <blockquote>{p.text}</blockquote>
              <Progress value={percent} size={4} aria-label={t.coverage(percent)} />
              <p className={`${classes.path} tabular`}>{t.coverage(percent)}</p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
