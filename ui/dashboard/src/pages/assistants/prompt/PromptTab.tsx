import { Button, Group, Input, SegmentedControl, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconEyeCode, IconInfoCircle } from '@tabler/icons-react';
import { useRef } from 'react';
import { Notice } from '@/parts/Notice';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import type { TabID } from '../AssistantTabs';
import { PromptPreview } from '../preview/PromptPreview';
import { findPlaceholders, knownPlaceholders, unknownPlaceholders } from '../placeholders';
import { builtinProvider } from '../types';
import type { Draft } from '../useDraft';
import { PlaceholderField } from './PlaceholderField';
import { PlaceholderList } from './PlaceholderList';
import classes from './PromptTab.module.css';

const t = text.assistants;

/** Who the assistant is: name, prompt, greeting, and what may be filled in. */
export function PromptTab({ draft, onTab }: { draft: Draft; onTab: (tab: TabID) => void }) {
  const { config, patch, problems, readOnly } = draft;
  const variables = config.variables ?? [];
  const known = knownPlaceholders(variables);
  const texts = [config.prompt, config.greeting ?? ''];
  const used = new Set(texts.flatMap((s) => findPlaceholders(s).map((use) => use.name)));
  const unknown = unknownPlaceholders(texts, known);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const remember = (event: React.FocusEvent<HTMLTextAreaElement>) => {
    field.current = event.currentTarget;
  };
  const insert = (name: string) => {
    const target = field.current ?? document.querySelector<HTMLTextAreaElement>('[role=tabpanel] textarea');
    target?.focus();
    // The one way that keeps the field's own undo.
    document.execCommand('insertText', false, `{${name}}`);
  };
  const declare = (name: string) => {
    patch({ variables: [...variables, { name, type: 'text', source: 'pre_chat' }] });
    onTab('variables');
  };
  const [previewing, preview] = useDisclosure(false);
  const builtin = config.model.provider_id === builtinProvider;

  return (
    <>
      <Group align="flex-start" wrap="nowrap" gap="sm">
        <TextInput
          label={t.fields.avatar}
          value={config.avatar ?? ''}
          maxLength={8}
          w={84}
          readOnly={readOnly}
          title={t.fields.avatarHelp}
          classNames={{ input: classes.avatar }}
          onChange={(event) => patch({ avatar: event.currentTarget.value })}
        />
        <TextInput
          label={t.fields.name}
          value={config.name}
          error={problems['name']}
          maxLength={120}
          flex={1}
          readOnly={readOnly}
          onChange={(event) => patch({ name: event.currentTarget.value })}
        />
      </Group>

      <PlaceholderField
        label={t.fields.prompt}
        description={
          builtin ? (
            <span className={classes.hint}>
              <IconInfoCircle size={14} aria-hidden /> {t.fields.promptBuiltin}
            </span>
          ) : (
            t.fields.promptHelp
          )
        }
        placeholder={t.fields.promptEmpty}
        value={config.prompt}
        onChange={(prompt) => patch({ prompt })}
        onFocus={remember}
        known={known}
        minRows={14}
        readOnly={readOnly}
        error={problems['prompt']}
        foot={t.fields.characters(number(config.prompt.length), number(Math.ceil(config.prompt.length / 4)))}
      />

      {unknown.length > 0 && (
        <Notice
          tone="danger"
          icon={<IconAlertTriangle size={18} />}
          title={`${t.fields.unknownTitle}: ${unknown.map((name) => `{${name}}`).join(', ')}`}
        >
          {t.fields.unknownBody}
          {!readOnly && (
            <Group gap="xs" mt="xs">
              {unknown.map((name) => (
                <Button key={name} size="compact-sm" variant="default" onClick={() => declare(name)}>
                  {t.fields.declare(name)}
                </Button>
              ))}
            </Group>
          )}
        </Notice>
      )}

      <Group>
        <Button variant="default" leftSection={<IconEyeCode size={16} />} onClick={preview.open}>
          {text.workshop.preview.open}
        </Button>
      </Group>
      {previewing && <PromptPreview assistantID={draft.base.id} config={config} onClose={preview.close} />}

      <PlaceholderList variables={variables} used={used} onInsert={readOnly ? undefined : insert} />

      <Input.Wrapper label={t.fields.speaksFirst} labelElement="div">
        <div>
          <SegmentedControl
            mt={6}
            aria-label={t.fields.speaksFirst}
            value={config.speaks_first ? 'assistant' : 'contact'}
            onChange={(value) => patch({ speaks_first: value === 'assistant' })}
            readOnly={readOnly}
            data={[
              { value: 'assistant', label: t.fields.speaksFirstAssistant },
              { value: 'contact', label: t.fields.speaksFirstContact },
            ]}
          />
        </div>
      </Input.Wrapper>

      <PlaceholderField
        label={t.fields.greeting}
        description={config.speaks_first ? t.fields.greetingHelp : t.fields.greetingUnused}
        value={config.greeting ?? ''}
        onChange={(greeting) => patch({ greeting })}
        onFocus={remember}
        known={known}
        minRows={2}
        readOnly={readOnly}
        error={problems['greeting']}
      />
    </>
  );
}
