import { Group, NumberInput, Radio, SimpleGrid, Stack, TagsInput, Text, Textarea } from '@mantine/core';
import type { AssistantStatus } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { TimeZoneSelect } from '@/parts/TimeZoneSelect';
import { text } from '@/text/en';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import classes from './BehaviourTab.module.css';

const t = text.assistants.behaviour;
const statuses: AssistantStatus[] = ['draft', 'active', 'inactive'];

/** When and where the assistant answers, and what it does when it cannot. */
export function BehaviourTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const zone = useMe().data?.workspace.time_zone ?? '';
  return (
    <>
      <Section title={text.assistants.fields.status}>
        <Radio.Group
          aria-label={text.assistants.fields.status}
          value={config.status}
          onChange={(value) => patch({ status: value as AssistantStatus })}
        >
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            {statuses.map((status) => (
              <Radio.Card key={status} value={status} className={classes.card} disabled={readOnly}>
                <Group gap="sm" wrap="nowrap" align="flex-start">
                  <Radio.Indicator />
                  <div>
                    <Text size="sm" fw={580}>
                      {text.assistants.status[status].label}
                    </Text>
                    <Text size="xs" c="dimmed" mt={2}>
                      {text.assistants.status[status].help}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
      </Section>

      <Section title={t.timing} panel>
        <Stack gap="lg">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={t.inactivity}
              description={t.inactivityHelp}
              suffix={t.minutes(config.inactivity_minutes)}
              min={1}
              max={1440}
              allowDecimal={false}
              value={Number.isNaN(config.inactivity_minutes) ? '' : config.inactivity_minutes}
              onChange={(value) => patch({ inactivity_minutes: value === '' ? Number.NaN : Number(value) })}
              error={problems['inactivity_minutes']}
              readOnly={readOnly}
            />
            <NumberInput
              label={t.release}
              description={t.releaseHelp}
              suffix={t.minutes(config.release_minutes ?? 0)}
              placeholder={t.releaseNever}
              min={1}
              max={1440}
              allowDecimal={false}
              value={config.release_minutes || ''}
              onChange={(value) => patch({ release_minutes: value === '' ? 0 : Number(value) })}
              error={problems['release_minutes']}
              readOnly={readOnly}
            />
            <NumberInput
              label={t.replyDelay}
              description={t.replyDelayHelp}
              suffix={t.seconds(config.reply_delay_seconds)}
              min={0}
              max={300}
              allowDecimal={false}
              value={Number.isNaN(config.reply_delay_seconds) ? '' : config.reply_delay_seconds}
              onChange={(value) => patch({ reply_delay_seconds: value === '' ? Number.NaN : Number(value) })}
              error={problems['reply_delay_seconds']}
              readOnly={readOnly}
            />
          </SimpleGrid>
          <Radio.Group
            label={t.afterEnd}
            value={config.after_end}
            onChange={(value) => patch({ after_end: value as 'new' | 'reopen' })}
            readOnly={readOnly}
          >
            <Group mt={8} gap="lg">
              <Radio value="new" label={t.afterEndNew} />
              <Radio value="reopen" label={t.afterEndReopen} />
            </Group>
          </Radio.Group>
        </Stack>
      </Section>

      <Section title={t.language} panel>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TagsInput
            label={t.languages}
            description={t.languagesHelp}
            value={config.languages ?? []}
            onChange={(languages) => patch({ languages })}
            error={problems['languages']}
            readOnly={readOnly}
            clearable={false}
          />
          <TimeZoneSelect
            label={t.timeZone}
            description={t.timeZoneHelp}
            placeholder={t.timeZoneWorkspace(zone)}
            value={config.time_zone ?? ''}
            onChange={(value) => patch({ time_zone: value ?? '' })}
            error={problems['time_zone']}
            readOnly={readOnly}
            clearable
          />
        </SimpleGrid>
      </Section>

      <Section title={t.trouble} panel>
        <Textarea
          label={t.troubleText}
          description={t.troubleTextHelp}
          placeholder={t.troublePlaceholder}
          autosize
          minRows={2}
          maxLength={4000}
          value={config.trouble_text ?? ''}
          onChange={(event) => patch({ trouble_text: event.currentTarget.value })}
          error={problems['trouble_text']}
          readOnly={readOnly}
        />
        <Textarea
          label={t.budgetText}
          description={t.budgetTextHelp}
          placeholder={t.budgetPlaceholder}
          mt="md"
          autosize
          minRows={2}
          maxLength={4000}
          value={config.budget_text ?? ''}
          onChange={(event) => patch({ budget_text: event.currentTarget.value })}
          error={problems['budget_text']}
          readOnly={readOnly}
        />
      </Section>
    </>
  );
}
