import { TextInput } from '@mantine/core';
import { text } from '@/text/en';
import classes from './TemplateEditor.module.css';
import { type Part, sampleKey, variablesOf } from './draft';
import type { PartProps } from './fields';

const t = text.whatsapp.templates.form;

/** A sample for each variable of a part, which Meta's reviewers see in its place. */
export function Samples({ part, draft, problems, change }: PartProps & { part: Part }) {
  const names = variablesOf(draft, part);
  if (names.length === 0) return null;
  return (
    <div className={classes.samples}>
      {names.map((name) => {
        const key = sampleKey(part, name);
        return (
          <TextInput
            key={key}
            label={t.sample(name)}
            value={draft.samples[key] ?? ''}
            error={problems[key]}
            onChange={(e) => change({ samples: { ...draft.samples, [key]: e.currentTarget.value } }, key)}
          />
        );
      })}
    </div>
  );
}
