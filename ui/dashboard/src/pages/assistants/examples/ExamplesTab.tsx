import { Anchor, Text } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { Link } from 'react-router';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { examplesSize, maxExamples } from '../check';
import { ItemList } from '../ItemList';
import shared from '../Items.module.css';
import type { Draft } from '../useDraft';
import { useItems } from '../useItems';
import { ExampleEditor } from './ExampleEditor';
import classes from './Examples.module.css';

const t = text.workshop.examples;

/** Good answers that the assistant follows. */
export function ExamplesTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const items = useItems(config.examples ?? [], (examples) => patch({ examples }));
  const used = t.size(number(Math.ceil(examplesSize(items.list) / 1024)), number(maxExamples / 1024));
  return (
    <ItemList
      items={items}
      icon={IconBulb}
      words={t}
      readOnly={readOnly}
      nameOf={(example) => example.question}
      about={(example, i) => (
        <>
          <Text size="sm" className={classes.answer}>
            {example.answer}
          </Text>
          {problems[`examples.${i}`] && (
            <Text size="xs" className={shared.wrong}>
              {problems[`examples.${i}`]}
            </Text>
          )}
        </>
      )}
      aside={(example) =>
        example.conversation_id && (
          <Anchor
            component={Link}
            size="xs"
            to={`/conversations/${example.conversation_id}#${example.message_id ?? ''}`}
          >
            {t.from}
          </Anchor>
        )
      }
    >
      {items.list.length > 0 && (
        <Text
          size="xs"
          c={problems['examples'] ? undefined : 'dimmed'}
          className={problems['examples'] && shared.wrong}
        >
          {problems['examples'] ?? used}
        </Text>
      )}
      <ExampleEditor key={items.key} {...items.editor} readOnly={readOnly} />
    </ItemList>
  );
}
