import { Accordion, NumberInput, PasswordInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Sender } from '@/api/types';
import { useAssistantNames } from '@/pages/conversations/filter/useAssistantNames';
import { text } from '@/text/en';
import { useSenders } from '../queries';
import type { SenderValues } from './senderValues';

const t = text.whatsapp.form;

export interface FieldProps {
  form: Pick<UseFormReturnType<SenderValues>, 'values' | 'errors' | 'getInputProps'>;
  /** The number that is changed; none to connect one. */
  sender?: Sender;
}

const secret = {
  autoComplete: 'off',
  spellCheck: false,
  visibilityToggleButtonProps: { 'aria-label': t.show, tabIndex: 0 },
};
const stored = '••••••••••••';

/** Which number it is, and with which token. */
export function NumberFields({ form, sender }: FieldProps) {
  const wrong = Boolean(form.errors.base_url || form.errors.graph_version);
  return (
    <Stack gap="md">
      <TextInput label={t.name} description={t.nameHelp} maxLength={100} {...form.getInputProps('name')} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t.phoneNumberID}
          description={t.phoneNumberIDHelp}
          inputMode="numeric"
          {...form.getInputProps('phone_number_id')}
        />
        <TextInput label={t.wabaID} description={t.wabaIDHelp} inputMode="numeric" {...form.getInputProps('waba_id')} />
      </SimpleGrid>
      <PasswordInput
        label={t.token}
        description={sender?.has_token ? t.tokenKeep : t.tokenHelp}
        placeholder={sender?.has_token ? stored : undefined}
        {...secret}
        {...form.getInputProps('token')}
      />
      <Accordion variant="contained" defaultValue={wrong || form.values.base_url ? 'address' : null}>
        <Accordion.Item value="address">
          <Accordion.Control>{t.advanced}</Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput
                label={t.baseURL}
                description={t.baseURLHelp}
                type="url"
                placeholder="https://graph.facebook.com"
                {...form.getInputProps('base_url')}
              />
              <TextInput
                label={t.version}
                description={t.versionHelp}
                placeholder="v25.0"
                {...form.getInputProps('graph_version')}
              />
            </SimpleGrid>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

/** The Meta app whose webhooks are received: one that another number has, or a new one. */
export function AppFields({ form, sender }: FieldProps) {
  const others = useSenders().data?.data ?? [];
  const apps = [...new Map(others.filter((s) => !s.simulated).map((s) => [s.app.id, s.app])).values()];
  const has = sender?.app.has_app_secret ?? false;
  return (
    <Stack gap="md">
      {!sender && apps.length > 0 && (
        <Select
          label={t.app}
          description={t.appHelp}
          data={[{ value: '', label: t.appNew }, ...apps.map((a) => ({ value: a.id, label: a.name }))]}
          allowDeselect={false}
          {...form.getInputProps('app')}
        />
      )}
      {(sender || !form.values.app) && (
        <PasswordInput
          label={t.appSecret}
          description={has ? t.appSecretKeep : t.appSecretHelp}
          placeholder={has ? stored : undefined}
          {...secret}
          {...form.getInputProps('app_secret')}
        />
      )}
    </Stack>
  );
}

/** Who answers, and how soon. */
export function AnswerFields({ form }: FieldProps) {
  const assistants = useAssistantNames();
  return (
    <Stack gap="md">
      <Select
        label={t.assistant}
        data={assistants.choices}
        searchable
        allowDeselect={false}
        {...form.getInputProps('assistant_id')}
      />
      <Switch label={t.aiSwitch} description={t.aiOn} {...form.getInputProps('ai_on', { type: 'checkbox' })} />
      <NumberInput
        label={t.delay}
        description={t.delayHelp}
        min={0}
        max={300}
        clampBehavior="strict"
        allowDecimal={false}
        maw={260}
        {...form.getInputProps('reply_delay_seconds')}
      />
    </Stack>
  );
}
