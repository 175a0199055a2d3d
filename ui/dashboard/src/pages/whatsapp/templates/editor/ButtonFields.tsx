import { ActionIcon, Button, Menu, SimpleGrid, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { newKey } from '@/api/client';
import { text } from '@/text/en';
import { variablesIn } from '../fill';
import classes from './TemplateEditor.module.css';
import { type ButtonDraft, type ButtonKind, mostButtons, mostOf, withButton } from './draft';
import type { PartProps } from './fields';

const t = text.whatsapp.templates.form.buttons;
const kinds = Object.keys(mostOf) as ButtonKind[];

/** The buttons below the text. */
export function ButtonFields({ draft, problems, change }: PartProps) {
  const { buttons } = draft;
  const list = useRef<HTMLDivElement>(null);
  // Their places move, so what was said about each is forgotten.
  const aboutButtons = Object.keys(problems).filter((field) => field.startsWith('button'));
  const add = (kind: ButtonKind) => {
    const added = { key: newKey(), kind, text: '', value: '', sample: '' };
    change({ buttons: withButton(buttons, added) }, ...aboutButtons);
    // After the menu has given the focus back.
    setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-button="${added.key}"] input`)?.focus(), 50);
  };
  const full = (kind: ButtonKind) =>
    buttons.length >= mostButtons || buttons.filter((b) => b.kind === kind).length >= mostOf[kind];
  return (
    <div className={classes.part} ref={list} role="group" aria-label={t.title}>
      <Text size="sm" fw={500}>
        {t.title}
      </Text>
      {buttons.map((b, i) => (
        <OneButton
          key={b.key}
          button={b}
          problem={(what) => problems[`button ${i} ${what}`]}
          onChange={(changes, what) =>
            change(
              { buttons: buttons.map((old) => (old.key === b.key ? { ...old, ...changes } : old)) },
              `button ${i} ${what}`,
              'buttons',
            )
          }
          onRemove={() => change({ buttons: buttons.filter((old) => old.key !== b.key) }, ...aboutButtons)}
        />
      ))}
      {problems.buttons && (
        <p className={classes.problem} role="alert">
          {problems.buttons}
        </p>
      )}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} />}
            disabled={buttons.length >= mostButtons}
            style={{ justifySelf: 'start' }}
          >
            {t.add}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kinds.map((kind) => (
            <Menu.Item key={kind} disabled={full(kind)} onClick={() => add(kind)}>
              {t.kinds[kind]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

interface OneProps {
  button: ButtonDraft;
  problem: (what: 'text' | 'value' | 'sample') => string | undefined;
  onChange: (changes: Partial<ButtonDraft>, what: 'text' | 'value' | 'sample') => void;
  onRemove: () => void;
}

function OneButton({ button: b, problem, onChange, onRemove }: OneProps) {
  const field = (what: 'text' | 'value' | 'sample') => ({
    value: b[what],
    error: problem(what),
    onChange: (e: { currentTarget: HTMLInputElement }) => onChange({ [what]: e.currentTarget.value }, what),
  });
  const name = t.kinds[b.kind];
  return (
    <div className={classes.button} role="group" aria-label={b.text ? `${name}: ${b.text}` : name} data-button={b.key}>
      <div className={classes.buttonHead}>
        {name}
        <ActionIcon size="sm" aria-label={t.remove(b.text || name)} onClick={onRemove}>
          <IconTrash size={15} stroke={1.7} />
        </ActionIcon>
      </div>
      <SimpleGrid cols={{ base: 1, xs: b.kind === 'QUICK_REPLY' || b.kind === 'COPY_CODE' ? 1 : 2 }} spacing="sm">
        {b.kind !== 'COPY_CODE' && <TextInput label={t.text} maxLength={25} {...field('text')} />}
        {b.kind === 'URL' && (
          <TextInput label={t.url} description={t.urlHelp} type="url" maxLength={2000} {...field('value')} />
        )}
        {b.kind === 'PHONE_NUMBER' && (
          <TextInput label={t.phone} description={t.phoneHelp} type="tel" maxLength={20} {...field('value')} />
        )}
        {b.kind === 'COPY_CODE' && (
          <TextInput label={t.code} description={t.codeHelp} maxLength={15} spellCheck={false} {...field('sample')} />
        )}
      </SimpleGrid>
      {b.kind === 'URL' && variablesIn(b.value).length > 0 && (
        <TextInput label={text.whatsapp.templates.form.sample('1')} {...field('sample')} />
      )}
    </div>
  );
}
