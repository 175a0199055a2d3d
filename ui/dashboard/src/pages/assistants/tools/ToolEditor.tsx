import {
  Button,
  Fieldset,
  Group,
  JsonInput,
  Modal,
  NumberInput,
  Select,
  Stack,
  TextInput,
  Textarea,
} from '@mantine/core';
import { useState } from 'react';
import type { HTTPTool } from '@/api/types';
import { text } from '@/text/en';
import { type Problems, checkTool } from '../check';
import { parseSchema } from '../schema';
import { HeaderFields, type HeaderRow, headersOf, rowsOf } from './HeaderFields';
import { ToolTest } from './ToolTest';

const t = text.assistants.tools;

interface Props {
  assistantID: string;
  opened: boolean;
  /** The tool that is edited; none for a new one. */
  start?: HTTPTool;
  rest: readonly HTTPTool[];
  readOnly: boolean;
  onDone: (tool: HTTPTool) => void;
  onClose: () => void;
}

const blank: HTTPTool = { name: '', description: '', method: 'GET', url: '', timeout_seconds: 10 };

const example = {
  type: 'object',
  properties: { order_id: { type: 'string', description: 'The order number, as in ORD-12345' } },
  required: ['order_id'],
};

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const pretty = (value: unknown) => (value === undefined || value === null ? '' : JSON.stringify(value, null, 2));

/** Edits one HTTP tool, and tries it. */
export function ToolEditor(props: Props) {
  const { start, rest, readOnly } = props;
  const [tool, setTool] = useState(start ?? blank);
  const [headers, setHeaders] = useState<HeaderRow[]>(() => rowsOf(start?.headers));
  const [schema, setSchema] = useState(() => pretty(start?.parameters));
  const [asked, setAsked] = useState(false);

  const parsed = parseSchema(schema);
  const whole: HTTPTool = { ...tool, headers: headersOf(headers), parameters: parsed.value };
  const found: Problems = { ...checkTool(whole, rest) };
  if (parsed.problem) found['parameters'] = parsed.problem;
  const wrong = Object.keys(found).length > 0;
  const problems: Problems = asked ? found : {};
  const change = (changes: Partial<HTTPTool>) => setTool((old) => ({ ...old, ...changes }));
  const done = () => {
    setAsked(true);
    if (!wrong) props.onDone(whole);
  };

  return (
    <Modal opened={props.opened} onClose={props.onClose} title={start ? t.editTitle : t.newTitle} size="xl">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <Fieldset variant="unstyled" disabled={readOnly}>
          <Stack gap="md">
            <TextInput
              label={t.name}
              description={t.nameHelp}
              value={tool.name}
              maxLength={64}
              spellCheck={false}
              data-autofocus
              onChange={(event) => change({ name: event.currentTarget.value.replaceAll(' ', '_') })}
              error={problems['name']}
            />
            <Textarea
              label={t.description}
              description={t.descriptionHelp}
              autosize
              minRows={2}
              value={tool.description}
              onChange={(event) => change({ description: event.currentTarget.value })}
              error={problems['description']}
            />
            <Group align="flex-start" wrap="nowrap" gap="sm">
              <Select
                label={t.method}
                data={methods}
                value={tool.method}
                allowDeselect={false}
                w={112}
                onChange={(method) => change({ method: method ?? 'GET' })}
              />
              <TextInput
                label={t.url}
                description={t.urlHelp}
                inputWrapperOrder={['label', 'input', 'error', 'description']}
                placeholder="https://"
                type="url"
                flex={1}
                value={tool.url}
                onChange={(event) => change({ url: event.currentTarget.value.trim() })}
                error={problems['url']}
              />
            </Group>
            <HeaderFields rows={headers} onChange={setHeaders} />
            <JsonInput
              label={t.parameters}
              description={t.parametersHelp}
              autosize
              minRows={5}
              maxRows={16}
              formatOnBlur
              spellCheck={false}
              value={schema}
              onChange={setSchema}
              error={schema.trim() ? found['parameters'] : problems['parameters']}
            />
            {!readOnly && !schema.trim() && (
              <Button
                variant="default"
                size="compact-sm"
                style={{ alignSelf: 'flex-start' }}
                onClick={() => setSchema(pretty(example))}
              >
                {t.example}
              </Button>
            )}
            <NumberInput
              label={t.timeout}
              description={t.timeoutHelp}
              suffix={text.assistants.behaviour.seconds(tool.timeout_seconds ?? 10)}
              min={1}
              max={30}
              w={180}
              allowDecimal={false}
              value={tool.timeout_seconds ?? 10}
              onChange={(value) => change({ timeout_seconds: Number(value) })}
              error={problems['timeout_seconds']}
            />
            {!readOnly && (
              <ToolTest assistantID={props.assistantID} tool={whole} blocked={wrong} onBlocked={() => setAsked(true)} />
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={props.onClose}>
                {text.common.cancel}
              </Button>
              {!readOnly && <Button type="submit">{t.done}</Button>}
            </Group>
          </Stack>
        </Fieldset>
      </form>
    </Modal>
  );
}
